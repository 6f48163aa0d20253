"""The CEL engine without the package around it.

`import cel` also loads that package's terminal program (prompt_toolkit, pygments, rich), half a second at every start
of a command. Only the compiled engine is loaded here, under its own name, so that a later `import cel` finds it.
"""

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import cel as cel
else:

    def _engine() -> Any:
        name = "cel.cel"
        if name in sys.modules:
            return sys.modules[name]
        package = PathFinder.find_spec("cel")
        spec = PathFinder.find_spec(name, package.submodule_search_locations) if package else None
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError("common-expression-language is not installed", name="cel")
        module = module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    cel = _engine()
