"""What a user can do, once, for both front ends. The only writers of the library; each act returns a Change."""
