"""Starting the platform on one machine: the embedded database, the state folder, the processes and their end."""
