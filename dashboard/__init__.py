"""The Streamlit dashboard; it reads only through `tracer.Client`."""
