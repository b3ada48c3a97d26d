from .cards import (
    ModelDescription as ModelDescription,
    ModelFolder as ModelFolder,
    find_model as find_model,
    list_models as list_models,
    sha256_of as sha256_of,
)
from .install import (
    KnownModel as KnownModel,
    add_model as add_model,
    known_models as known_models,
    model_info as model_info,
    pull_model as pull_model,
    remove_model as remove_model,
    usable_model as usable_model,
)
from .licences import ConsentNeededError as ConsentNeededError
from .quantise import (
    Quantised as Quantised,
    quantise_graph as quantise_graph,
    quantise_model as quantise_model,
    write_twin as write_twin,
)
from .recommend import Measured as Measured, recommend_model as recommend_model
from .registry import (
    SHIPPED as SHIPPED,
    RegistryEntry as RegistryEntry,
    guess_model as guess_model,
    registered_models as registered_models,
    registry_entry as registry_entry,
)
from .writing import write_folder as write_folder
