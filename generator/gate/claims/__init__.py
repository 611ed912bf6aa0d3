"""Claims: what sentences and tables say that numbers and data can contradict."""
