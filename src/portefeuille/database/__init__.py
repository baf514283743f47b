"""The one database: how to reach it, who may do what in it, and the jobs that live in it."""
