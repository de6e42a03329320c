"""What `tracer.weave` is made of, one of Weave's things a file."""
