"""What people type into the search, and the page that should come first."""

import random
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from measured.questions import __main__ as program
from measured.questions.page import questions, results
from proofread.show.lists import messages

#: What people type, from threads of PyTorch's issues and forum and our own -> a page that answers.
QUERIES = dict(
    line.split(" => ")
    for line in Path(__file__).with_name("queries.txt").read_text(encoding="utf-8").splitlines()
)
#: What PyTorch says to a hundred mistakes with gradients of gradients, with shapes, indices and
#: devices of other runs, some of it cut off -> the pages that answer.
SAID = dict(
    line.rsplit(" => ", 1)
    for line in Path(__file__).with_name("messages.txt").read_text(encoding="utf-8").splitlines()
)


@pytest.fixture(scope="module")
def search(browser, address, ready):
    """Return a function that types a query and returns the paths of the first results."""
    page, faults = browser.new_page(base_url=address), []
    # What fails in the search's worker is only logged, and looks like a search without results.
    page.on("console", lambda said: faults.append(said.text) if said.type != "log" else None)
    ready(page, "/")
    box = page.locator("input.md-search__input")
    box.click()
    told = page.locator(".md-search-result__meta")
    links = page.locator(".md-search-result__item > a.md-search-result__link")
    idle = "Type to start searching"
    expect(told).to_have_text(idle)

    def search(query):
        box.fill("")
        expect(told).to_have_text(idle)
        expect(links).to_have_count(0)
        # At once, as a paste: each single letter would be a search of its own.
        page.keyboard.insert_text(query)
        page.keyboard.press("End")
        expect(told).not_to_have_text(idle)
        assert faults == [], query
        if told.inner_text() != "No matching documents":
            links.first.wait_for()
        urls = links.evaluate_all("all => all.slice(0, 12).map((link) => link.href)")
        return [re.sub(r"\?h=[^#]*", "", url).partition(address)[2] for url in urls]

    yield search
    page.close()


#: What stands above a message in a terminal.
TRACEBACK = """Traceback (most recent call last):
  File "/home/me/train.py", line 88, in <module>
    main(parse())
  File "/home/me/train.py", line 71, in main
    penalty = (gradient.norm(2, dim=1) - 1).square().mean()
  File "/home/me/critic.py", line 23, in gradient_penalty
    return torch.autograd.grad(scores, x, create_graph=True, retain_graph=True)[0]
  File "/opt/lib/python3.11/site-packages/torch/autograd/__init__.py", line 503, in grad
    result = _engine_run_backward(
  File "/opt/lib/python3.11/site-packages/torch/autograd/graph.py", line 824, in _engine_run
    return Variable._execution_engine.run_backward(  # Calls into the C++ engine
"""
#: The same as a notebook shows it, with code around the place.
NOTEBOOK = """---------------------------------------------------------------------------
RuntimeError                              Traceback (most recent call last)
Cell In[12], line 3
      1 x = torch.rand(8, 3, requires_grad=True)
      2 score = critic(x)
----> 3 penalty(score, x).backward()

File ~/miniconda3/lib/python3.12/site-packages/torch/_tensor.py:648, in backward(self, inputs)
    646         inputs=inputs,
    647     )
--> 648 torch.autograd.backward(
    649     self, gradient, retain_graph, create_graph, inputs=inputs
    650 )

"""
#: Only its end, as Colab shows it.
END = """/usr/local/lib/python3.10/dist-packages/torch/autograd/__init__.py in grad(outputs, inputs)
    434     else:
--> 436         result = _engine_run_backward(
    437             t_outputs, grad_outputs_, retain_graph, create_graph, inputs,
    438             allow_unused, accumulate_grad=False)

"""
#: What a launcher puts before each line, and what stood in the terminal before.
LAUNCHED = "[rank0]: " + TRACEBACK.replace("\n", "\n[rank0]: ")
PROGRESS = "Epoch 3:  41%|####  | 120/293 [00:12<00:17, 9.8it/s]\n" + TRACEBACK[-300:]
STYLES = (TRACEBACK, NOTEBOOK, END, LAUNCHED, PROGRESS)
#: What is printed behind a message by C++,
FRAMES = """
Exception raised from mark_variable_ready at /opt/c10d/reducer.cpp:471 (most recent call first):
frame #0: c10::Error::Error(c10::SourceLocation, std::string) + 0x42 (0x7fd7 in /opt/libc10.so)
frame #1: c10d::Reducer::autograd_hook(unsigned long) + 0x97 (0x7fd7 in /opt/libtorch_python.so)
"""
#: by a launcher,
CHILD = """
E0312 08:21:34 2301 torch/distributed/elastic/api.py:874] failed (exitcode: 1) local_rank: 3
Traceback (most recent call last):
    raise ChildFailedError(
torch.distributed.elastic.multiprocessing.errors.ChildFailedError:
train.py FAILED
Root Cause (first observed failure):
  rank : 3 (local_rank: 3)
"""
#: on the way out,
GROUP = """
[rank0]:[W515 12:10:11.1 ProcessGroupNCCL.cpp:1250] Warning: WARNING: process group has NOT been
destroyed before we destruct ProcessGroupNCCL. (function operator())
"""
IGNORED = """
Exception ignored in: <function _ConnectionBase.__del__ at 0x7f1e5c3b9d30>
Traceback (most recent call last):
  File "connection.py", line 132, in __del__
    self._close()
OSError: [Errno 9] Bad file descriptor
"""
#: and by who caught it.
CAUSED = """
The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "train.py", line 80, in <module>
__main__.TrainingFailed: step 0
"""
HYDRA = "\nSet the environment variable HYDRA_FULL_ERROR=1 for a complete stack trace.\n"
BEHIND = (FRAMES, CHILD, GROUP, IGNORED, CAUSED, HYDRA)


def pages(urls):
    """The pages of results, each once: ``pitfalls/no-grad``."""
    paths = (url.partition("#")[0].strip("/") for url in urls)
    return list(dict.fromkeys(paths))


def test_the_page_that_answers_comes_first(search):
    """What people ask is answered by the first result for nine of ten, within three for all."""
    places = {}
    for query, expected in QUERIES.items():
        names = [page.rpartition("/")[2] for page in pages(search(query))[:3]]
        places[query] = names.index(expected) if expected in names else None
    assert [query for query, place in places.items() if place is None] == []
    first = sum(place == 0 for place in places.values())
    assert first >= 0.9 * len(places), places


@pytest.fixture(scope="module")
def asked(browser, address):
    """Return a function from queries to the first pages, without the page around the search."""
    return program.finder(browser, address)


def test_what_people_really_asked_is_found(asked):
    """Of the half that we look at, each asked of a search that has not learned it."""
    looked = [one for one in questions() if one.half == "looked"]
    found, pasted = program.measured(looked, asked)
    there = [one for one in results({"found": found, "pasted": pasted}) if one.score]
    there = [one for one in there if one.question.half == "looked"]
    assert len(there) > 150
    assert sum(one.place == 0 for one in there) >= 0.7 * len(there)
    assert sum(one.place is not None for one in there) >= 0.85 * len(there)
    messages = [one for one in there if one.question.message]
    assert sum(one.pasted == 0 for one in messages) >= 0.78 * len(messages)


def test_a_reader_gets_what_was_measured(search, asked):
    """The order of pages on the site is that of the worker which is measured."""
    queries = [one.query for one in random.Random(0).sample(questions(), 12)]
    assert [pages(search(query))[:3] for query in queries] == asked(queries)


@pytest.mark.parametrize(
    ("message", "page"),
    [
        (
            "RuntimeError: derivative for aten::_cudnn_rnn_backward is not implemented",
            "pitfalls/recurrent-layers",
        ),
        (
            "RuntimeError: One of the differentiated Tensors appears to not have been used in the "
            "graph. Set allow_unused=True if this is the desired behavior.",
            "pitfalls/unused-input",
        ),
        (
            "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 3.90 GiB. GPU 0 has a "
            "total capacity of 23.69 GiB of which 1.31 GiB is free.",
            "pitfalls/graph-kept-alive",
        ),
    ],
)
def test_of_a_traceback_its_last_line_counts(search, message, page):
    """Not the calls above, which hold the words of other pages; only one page need be the first."""
    found = pages(search(TRACEBACK.replace("\n", " ") + message))
    assert found == pages(search(message))
    assert page in found[:3]


def test_a_pasted_traceback_leads_to_the_page_that_answers(asked):
    """However it is shown; also if the paste lost what divides lines."""
    pasted = [STYLES[n % len(STYLES)] + message for n, message in enumerate(SAID)]
    alone = asked(list(SAID))
    for between in (" ", ""):
        found = asked([text.replace("\n", between) for text in pasted])
        assert [first for first, *_ in found] == [first for first, *_ in alone]
    places = {
        message: next((n for n, page in enumerate(all_) if page in SAID[message].split()), None)
        for message, all_ in zip(SAID, found, strict=True)
    }
    assert [message for message, place in places.items() if place is None] == []
    assert sum(place == 0 for place in places.values()) >= 0.95 * len(places), places


def test_what_is_printed_behind_a_message_does_not_count(asked):
    """By a launcher, C++, or another failure on the way out; nor do a terminal's colors."""
    behind = [TRACEBACK + text + BEHIND[n % len(BEHIND)] for n, text in enumerate(SAID)]
    colored = [TRACEBACK + text.replace(":", "\x1b[39m:", 1) for text in SAID]
    alone = [first for first, *_ in asked(list(SAID))]
    for pasted in (behind, colored):
        found = asked([text.replace("\n", "") for text in pasted])
        assert [first for first, *_ in found] == alone


@pytest.mark.parametrize(
    ("frame", "message", "page"),
    [
        (
            "/lib/python3.9/site-packages/torchdiffeq/_impl/adjoint.py",
            "element 0 of tensors does not require grad and does not have a grad_fn",
            "recipes/flows-and-neural-odes",
        ),
        (
            "C:\\envs\\gnn\\lib\\site-packages\\pytorch_lightning\\trainer\\call.py",
            "element 0 of tensors does not require grad and does not have a grad_fn",
            "pitfalls/frameworks",
        ),
    ],
)
def test_the_library_of_a_traceback_counts(asked, frame, message, page):
    """Its page is among the first, behind the one on the message."""
    text = f'{TRACEBACK}  File "{frame}", line 12, in run\nRuntimeError: {message}'
    alone, found = asked([message, text])
    assert page not in alone
    assert page in found
    assert found[0] == alone[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tensor at index 0 not used in the graph", "Tensor at index 17 not used in the graph"),
        ("Expected all tensors on cuda:0", "Expected all tensors on mps:0"),
        ("double backward fails in 2.1.0", "double backward fails in 2.13"),
        ("shape [3, 4] in a Hessian", "shape [128, 7, 7] in a Hessian"),
        ("tensor at 0x7f3a90 was modified", "tensor at 0x55d0b1 was modified"),
    ],
)
def test_numbers_and_devices_do_not_matter(search, one, other):
    assert search(one) == search(other)


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("checkpoitning", "pitfalls/checkpointing"),
        ("dropuot masks", "pitfalls/dropout"),
        ("influense functons", "recipes/influence-functions"),
        ("infl", "recipes/influence-functions"),
    ],
)
def test_a_mistyped_or_unfinished_word_is_understood(search, typed, page):
    assert pages(search(typed))[0] == page


def test_a_page_is_one_result_with_its_best_section(search):
    """The section lies beside its page, and the words are marked."""
    found = search("epsilon norm at zero gradient penalty nan")
    assert found[0].startswith("/pitfalls/norm-at-zero/")
    assert len(pages(found)) >= 4
    for page in pages(found):
        assert sum(url.partition("#")[0].strip("/") == page for url in found) <= 2


def test_a_whole_message_leads_to_its_explanation(search, report):
    """Each message of the index, pasted whole, leads to its page or to its row among three."""
    lost = []
    for message in messages(report):
        page = message.page.path.removeprefix("docs/").removesuffix(".md").removesuffix("index")
        found = pages(search(f"{message.kind}: {message.shown}"))[:3]
        if not {page, "errors"} & {*found}:
            lost.append((message.shown, found))
    assert lost == []
