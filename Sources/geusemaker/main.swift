print("geusemaker")
