import torch

x = torch.tensor([4.0, 0.0], requires_grad=True)
mask = torch.tensor([True, False])
with torch.autograd.set_detect_anomaly(True):
    u = torch.where(mask, x**1.5, 0.0).sum()
    u_x = torch.autograd.grad(u, x, create_graph=True)[0]
    P = u_x.pow(2).sum()
    P.backward()
#! UserWarning: Error detected in PowBackward0. Traceback of forward call that caused the
#!   error: File "<string>", line 1, in <module> File "/tmp/three/proofread/server.py", line
#!   104, in main Server(int(jobs)).serve() File "/tmp/three/proofread/server.py", line 42,
#!   in serve self._start(self.waiting.popleft()) File "/tmp/three/proofread/server.py",
#!   line 62, in _start execute(job["path"], job["folder"]) File
#!   "/tmp/three/proofread/child.py", line 43, in execute result = _run(str(path), text,
#!   folder / "stdout") File "/tmp/three/proofread/child.py", line 102, in _run exec(code,
#!   main.__dict__) File "/tmp/three/snippets/pitfalls/kinks/finite.py", line 7, in <module>
#!   u_x = torch.autograd.grad(u, x, create_graph=True)[0] File
#!   "/tmp/three/.venv/lib/python3.11/site-packages/torch/autograd/__init__.py", line 594,
#!   in grad result = _engine_run_backward( File
#!   "/tmp/three/.venv/lib/python3.11/site-packages/torch/autograd/graph.py", line 979, in
#!   _engine_run_backward return Variable._execution_engine.run_backward( # Calls into the
#!   C++ engine to run the backward pass (Triggered internally at ...)
#! UserWarning: Previous calculation was induced by PowBackward0. Traceback of forward call
#!   that induced the previous calculation: File "<string>", line 1, in <module> File
#!   "/tmp/three/proofread/server.py", line 104, in main Server(int(jobs)).serve() File
#!   "/tmp/three/proofread/server.py", line 42, in serve self._start(self.waiting.popleft())
#!   File "/tmp/three/proofread/server.py", line 62, in _start execute(job["path"],
#!   job["folder"]) File "/tmp/three/proofread/child.py", line 43, in execute result =
#!   _run(str(path), text, folder / "stdout") File "/tmp/three/proofread/child.py", line
#!   102, in _run exec(code, main.__dict__) File
#!   "/tmp/three/snippets/pitfalls/kinks/finite.py", line 6, in <module> u =
#!   torch.where(mask, x**1.5, 0.0).sum() File
#!   "/tmp/three/.venv/lib/python3.11/site-packages/torch/_tensor.py", line 39, in wrapped
#!   return f(self, *args, **kwargs) (Triggered internally at ...)
#! RuntimeError: Function 'PowBackward0' returned nan values in its 0th output.
