"""What happens once a post is live: programs, search engines, hubs and chats are told of it, each once."""
