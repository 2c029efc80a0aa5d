"""The desktop application: the only place that imports Qt. It never touches a tensor."""
