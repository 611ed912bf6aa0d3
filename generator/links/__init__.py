"""Links of posts: to earlier posts like them, to pages of what they name, and from whom they are linked."""

from generator.links.related import Candidate, Related, Subject, Weights, related
from generator.links.subjects import internal, subject_links

__all__ = ["Candidate", "Related", "Subject", "Weights", "internal", "related", "subject_links"]
