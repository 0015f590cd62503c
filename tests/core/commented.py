"""Experiments as people write them, with comments that say what they are about.

`@file` is about nothing that an edit takes away; `@NAME` is about the part of that name, or about
one of the fields in FIELDS.
"""

FIELDS = ("title", "data", "options", "optimizer", "loss", "metrics", "fit")

TABLES = """\
# @file My experiment on clothes.
# @file Second line.

title = "Clothes"   # @title

[data] # @data
# @data above the first key
source = "fashion_mnist"
scale = "unit"           # @data none, unit or standard
validation = 0.2         # @data

# @data this says what is the default
flatten = false

# @file ---- The stack ----

# @one the pictures as rows
[[layers]]
type = "Flatten"
name = "one"  # @one

# @two hidden
[[layers]]
type = "Dense"
name = "two"
units = 1_00   # @two try 64
activation = 'relu'
# @two small weights
kernel_regularizer = { type = "L2", l2 = 1e-4 }   # @two

# @file ---- The head ----

[[layers]] # @three
# @three inside
type = "Dense"
name = "three"
units = 10
activation = "softmax"
# @three after its last key

[compile]
optimizer = { type = "Adam", learning_rate = 1e-3 }  # @optimizer
loss = "sparse_categorical_crossentropy" # @loss
metrics = ["accuracy"]  # @metrics

[fit]
epochs = 2_0    # @fit
batch_size = 0x20

# @four stop in time
[[callbacks]]
type = "EarlyStopping"
patience = 2  # @four
name = "four"

# @file The end.
"""

DOTTED = """\
# @file all in dotted keys
compile.optimizer.type = "SGD"
compile.optimizer.learning_rate = 0.01  # @optimizer
compile.loss = "mse"
fit.epochs = 3 # @fit
data.source = "make_regression" # @data
data.options.n_samples = 200 # @options
data.options.noise = 5.0
layers = [ # @file the list
    # @one the first
    { type = "Dense", name="one", units = 3 }, # @one
    "Flatten",
    # @two with dots, and no comma behind it
    { type = "Dense", name = "two", kernel_initializer.type = "HeNormal" , units=1 } # @two
] # @file

# @file no end of the last line"""

SUBTABLES = """\
[compile.optimizer]
# @optimizer about Adam
type = "Adam"
learning_rate = 0.01 # @optimizer

[compile] # @file
loss = { type="SparseCategoricalCrossentropy", from_logits=true } # @loss

[[compile.metrics]] # @one
type = "MeanAbsoluteError"
name = "one"

[[compile.metrics]]
type = "TopKCategoricalAccuracy"   # @two
name = "two"
k = 3

[[layers]]
  type = "Dense"
  units = 5 # @three
  name = "three"
  [layers.kernel_regularizer] # @three
  type = "L2"
  l2 = 1e-4 # @three

[fit]
seed = 1 # @fit the default
epochs = 9

[[layers]]
type = "Dropout"
name = "four"
rate = 5e-1 # @four
disabled = false

[data]
[data.options]
"""

TIGHT = """title="tight" # @title
[fit]
epochs=2#@fit
[[layers]]
type="Dense"#@one
name="one"
units=3
[[layers]]
type="Dropout"
name="two"
rate=0.5
[[callbacks]]
type="EarlyStopping\""""

INLINE = """\
compile = { optimizer = "adam", loss = "mse", metrics = ["mae", { type = "R2Score" }] } # @file
data = { source = "digits", flatten = true } # @file
layers = [] # @file
callbacks = [ { type = "EarlyStopping", name = "one" } ] # @file
fit = {epochs=3,seed=2} # @file
"""

ODD = r"""
# @file begins with an empty line
"title" = '''
[[layers]] # no comment
''' # @title
[ data ]
source = "digits"
[ data . "options" ]
[[ "layers" ]] # @one
'type' = "Dense"
name = "one"
"units" = 1_0
label = "a \"q\" # [no]"
weights = [
  [1, 2, [3]], # @one rows
  # @one above
  [ 4,5 , # @one in
    6 ]
  , 7, { type = "L2", a = [ { type = "x" }, { type = "y" } ] }
]
nothing = []
[[layers]] # @two
type = "Reshape"
name = "two"
[[layers.shapes]]
type = "A"
x = 1
[[layers.shapes]] # @two
type = "B"
[layers.shapes.y]
type = "C"
z.type = "D"
[[layers]]
type = '''Dense'''
label = '''a
   b'''''
"""

SCATTERED = """\
data.source = "make_regression" # @data
fit.epochs = 3 # @fit
data.options.noise = 5.0 # @options
compile.loss = "mse" # @loss
fit.seed = 4
data.options.n_samples = 200
compile.optimizer.type = "SGD" # @optimizer
compile.optimizer.learning_rate = 0.1
layers = [ { type = "Dense", name = "one", label = "a, [b] # c" }, # @one a, b
   # @two, three
   { type = "Dense", name = "two" } # @two x, y
   # @two z
   , "Flatten", "Flatten",
   {type="Dense",name="four",w=[1,[2]]}, # @four
   # @file the, end
] # @file

[[callbacks]]
name = "five" # @five
kernel.type = "L2"
type = "EarlyStopping"
kernel.l2 = 0.1 # @five
[[callbacks.x]] # @five
type = "A"
"""

TEXTS = {
    "tables": TABLES,
    "dotted": DOTTED,
    "subtables": SUBTABLES,
    "tight": TIGHT,
    "inline": INLINE,
    "scattered": SCATTERED,
    "odd": ODD,
    "tables, Windows": TABLES.replace("\n", "\r\n"),
    "dotted, Windows": DOTTED.replace("\n", "\r\n"),
    "odd, Windows": ODD.replace("\n", "\r\n"),
    "a comment alone": "# @file nothing yet\n",
    "nothing": "",
}
