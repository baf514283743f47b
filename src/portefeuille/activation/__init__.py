"""How a person becomes authorised: a confirmed mail address, a letter to the seat, an invitation."""
