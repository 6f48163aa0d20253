"""The commands of an instance, where the table of commands looks for them."""

from jiebang.cli.demo import demo
from jiebang.cli.founding import init
from jiebang.cli.keeping import backup, restore
from jiebang.cli.serving import doctor, serve
from jiebang.cli.working import worker

__all__ = ["backup", "demo", "doctor", "init", "restore", "serve", "worker"]
