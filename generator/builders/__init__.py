"""The kinds of post: each module turns sessions into the draft of one."""
