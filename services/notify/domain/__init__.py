"""The rules of notify: who is told what when something happens to a case."""
