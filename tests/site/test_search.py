"""What people type into the search, and the page that should come first."""

import re

import pytest

from proofread.catalogue import messages

#: From threads of PyTorch's issues and forum: what their author wrote -> a page that answers.
THREADS = {
    "One of the differentiated Tensors appears to not have been used in the graph": "unused-input",
    "Trying to backward through the graph a second time, but the saved intermediate results have "
    "already been freed": "second-time",
    "derivative for aten::_scaled_dot_product_efficient_attention_backward is not implemented": (
        "attention"
    ),
    "the derivative for '_cdist_backward' is not implemented": "not-implemented",
    "the derivative for '_cudnn_rnn_backward' is not implemented": "recurrent-layers",
    "torch.compile with aot_autograd does not currently support double backward": "compile",
    "element 0 of tensors does not require grad and does not have a grad_fn": "no-grad-fn",
    "WGAN-GP gradient penalty not working": "gradient-penalty-gan",
    "MAML second order gradients optimizer.step": "optimizer-step",
    "torch.autograd.functional.hessian returns zeros": "functional-over-parameters",
    "gradient penalty nan": "norm-at-zero",
    "a leaf Variable that requires grad is being used in an in-place operation": "leaf-in-place",
    "Using backward() with create_graph=True will create a reference cycle": (
        "backward-create-graph"
    ),
    "difference between retain_graph and create_graph": "retain-graph",
    "DistributedDataParallel autograd.grad gradient penalty": "distributed-data-parallel",
    "torch.utils.checkpoint is incompatible with .grad()": "checkpointing",
    "hessian vector product": "hessian-vector-products",
    "LayerNorm third derivative wrong": "third-derivative-of-normalization",
    "custom autograd function double backward": "autograd-function",
    "PINN relu u_xx zero": "zero-curvature",
    "once_differentiable": "once-differentiable",
    "create_graph": "retain-graph",
    "retain_graph": "retain-graph",
    "grad can be implicitly created only for scalar outputs": "non-scalar-output",
    "Can't call numpy() on Tensor that requires grad": "advice-detach-numpy",
    "inference tensors cannot be saved for backward": "no-grad",
    "float16 gradient penalty GradScaler": "mixed-precision",
    "deepcopy meta learning gradient None": "replicas",
    "sinc second derivative nan": "special-points",
    "hardsigmoid": "operators",
}


@pytest.fixture(scope="module")
def search(browser, address):
    """Return a function that types a query and returns the paths of the first results."""
    page = browser.new_page(base_url=address)
    page.goto("/", wait_until="networkidle")
    box = page.locator("input.md-search__input")
    box.click()
    page.wait_for_timeout(1000)

    def search(query):
        box.fill("")
        page.wait_for_timeout(100)
        # At once, as a paste: each single letter would be a search of its own.
        page.keyboard.insert_text(query)
        page.keyboard.press("End")
        found = page.locator(".md-search-result__item > a.md-search-result__link")
        for _ in range(5):
            page.wait_for_timeout(600)
            if found.count():
                break
        links = found.all()[:8]
        urls = [link.get_attribute("href") for link in links]
        return [re.sub(r"\?h=[^#]*", "", url).partition(address)[2] for url in urls]

    yield search
    page.close()


def test_the_page_that_answers_comes_first(search):
    """What people ask is answered by the first result for nine of ten, within three for all."""
    places = {}
    for query, expected in THREADS.items():
        pages = [url.partition("#")[0].rstrip("/").rpartition("/")[2] for url in search(query)[:3]]
        places[query] = pages.index(expected) if expected in pages else None
    assert [query for query, place in places.items() if place is None] == []
    first = sum(place == 0 for place in places.values())
    assert first >= 0.9 * len(places), places


def test_a_whole_message_leads_to_its_explanation(search, report):
    """Each message of the index, pasted whole, leads to its page or to its row within a screen."""
    lost = []
    for message in messages(report):
        page = message.page.path.removeprefix("docs").removesuffix(".md").removesuffix("index")
        # A reader pastes words; signs such as + and * would mean something to the search.
        found = search(" ".join(re.findall(r"[\w.']+", message.shown))[:150])
        if not any(url.startswith((page, "/errors/")) for url in found):
            lost.append((message.shown, found))
    assert lost == []
