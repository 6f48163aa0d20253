"""Forms of a rulebook as pages: what was asked becomes inputs, what was typed becomes content, nothing is lost."""
