"""What waits for a person of the office: each case with a term, an owner, and a decision with reasons."""
