"""The blog in a browser while it is written: what publish would write, laid over the blog, served by Hugo.

Nothing here writes into the blog's own folders; what is made stands below `.marketpost/preview/`.
"""
