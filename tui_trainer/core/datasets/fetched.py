"""The data sets that are downloaded once, into the cache folder of Keras."""

from __future__ import annotations

from tui_trainer.core.catalogue import Kind, Param
from tui_trainer.core.datasets.dataset import (
    BINARY,
    CLASSIFICATION,
    PIXELS,
    REGRESSION,
    Dataset,
    File,
    Inputs,
)

_BUCKET = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_CIFAR = "https://www.cs.toronto.edu/~kriz/"
_DIGITS = tuple("0123456789")
_FASHION = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
_CIFAR10 = (
    *("airplane", "automobile", "bird", "cat", "deer"),
    *("dog", "frog", "horse", "ship", "truck"),
)
_CIFAR100 = """
apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly
camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile
cup dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp
lawn_mower leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree
orange orchid otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum
rabbit raccoon ray road rocket rose sea seal shark shrew skunk skyscraper snail snake spider
squirrel streetcar sunflower sweet_pepper table tank telephone television tiger tractor train
trout tulip turtle wardrobe whale willow_tree wolf woman worm
"""
_REUTERS = """
cocoa grain veg-oil earn acq wheat copper housing money-supply coffee sugar trade reserves ship
cotton carcass crude nat-gas cpi money-fx interest gnp meal-feed alum oilseed gold tin
strategic-metal livestock retail ipi iron-steel rubber heat jobs lei bop zinc orange pet-chem dlr
gas silver wpi hog lead
"""
_WORDS = (
    Param(
        "num_words",
        Kind.INTEGER,
        10000,
        least=4,
        help="Keep this many of the most frequent words.",
    ),
    Param(
        "maxlen",
        Kind.INTEGER,
        256,
        least=1,
        help="Pad or cut every text to this many words.",
    ),
)


def _fashion_file(name: str, sha256: str, megabytes: float) -> File:
    return File(f"fashion-mnist/{name}", _BUCKET + name, sha256, megabytes)


FETCHED = (
    Dataset(
        "mnist",
        "Handwritten digits, 28×28 pixels",
        CLASSIFICATION,
        (28, 28),
        train=60000,
        test=10000,
        dtype="uint8",
        inputs=PIXELS,
        classes=_DIGITS,
        files=(
            File(
                "mnist.npz",
                _BUCKET + "mnist.npz",
                "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1",
                11.5,
            ),
        ),
        licence="CC BY-SA 3.0",
        source="Yann LeCun and Corinna Cortes",
    ),
    Dataset(
        "fashion_mnist",
        "Clothes, 28×28 pixels",
        CLASSIFICATION,
        (28, 28),
        train=60000,
        test=10000,
        dtype="uint8",
        inputs=PIXELS,
        classes=_FASHION,
        files=(
            _fashion_file(
                "train-images-idx3-ubyte.gz",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                26.4,
            ),
            _fashion_file(
                "train-labels-idx1-ubyte.gz",
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                0.03,
            ),
            _fashion_file(
                "t10k-images-idx3-ubyte.gz",
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                4.4,
            ),
            _fashion_file(
                "t10k-labels-idx1-ubyte.gz",
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                0.005,
            ),
        ),
        licence="MIT",
        source="Zalando Research",
    ),
    Dataset(
        "imdb",
        "Film reviews: is one positive?",
        BINARY,
        (-1,),
        train=25000,
        test=25000,
        dtype="int32",
        classes=("negative", "positive"),
        options=_WORDS,
        files=(
            File(
                "imdb.npz",
                _BUCKET + "imdb.npz",
                "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
                17.5,
            ),
            File(
                "imdb_word_index.json",
                _BUCKET + "imdb_word_index.json",
                "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
                1.6,
                needed=False,
            ),
        ),
        licence="none stated; cite Maas et al., ACL 2011",
        source="Large Movie Review Dataset",
    ),
    Dataset(
        "cifar10",
        "Colour photographs of 10 things, 32×32 pixels",
        CLASSIFICATION,
        (32, 32, 3),
        train=50000,
        test=10000,
        dtype="uint8",
        inputs=PIXELS,
        classes=_CIFAR10,
        files=(
            File(
                "cifar-10-batches-py-target_archive",
                _CIFAR + "cifar-10-python.tar.gz",
                "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
                170.5,
            ),
        ),
        licence="none stated; cite Krizhevsky 2009",
        source="Alex Krizhevsky, Vinod Nair and Geoffrey Hinton",
    ),
    Dataset(
        "cifar100",
        "Colour photographs of 100 things, 32×32 pixels",
        CLASSIFICATION,
        (32, 32, 3),
        train=50000,
        test=10000,
        dtype="uint8",
        inputs=PIXELS,
        classes=tuple(_CIFAR100.split()),
        files=(
            File(
                "cifar-100-python-target_archive",
                _CIFAR + "cifar-100-python.tar.gz",
                "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
                169.0,
            ),
        ),
        licence="none stated; cite Krizhevsky 2009",
        source="Alex Krizhevsky, Vinod Nair and Geoffrey Hinton",
    ),
    Dataset(
        "reuters",
        "News agency reports: which of 46 topics?",
        CLASSIFICATION,
        (-1,),
        train=8982,
        test=2246,
        dtype="int32",
        classes=tuple(_REUTERS.split()),
        options=_WORDS,
        files=(
            File(
                "reuters.npz",
                _BUCKET + "reuters.npz",
                "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916",
                2.1,
            ),
        ),
        licence="free for research; cite Lewis, Reuters-21578",
        source="Reuters-21578",
    ),
    Dataset(
        "california_housing",
        "Houses in California: median value of a district",
        REGRESSION,
        (8,),
        train=16512,
        test=4128,
        inputs=Inputs(-124, 35700, (0.474, 1130)),
        files=(
            File(
                "california_housing.npz",
                _BUCKET + "california_housing.npz",
                "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
                0.74,
            ),
        ),
        licence="none stated; cite Pace and Barry 1997",
        source="StatLib",
    ),
)
"""The data sets, the usual ones first."""
