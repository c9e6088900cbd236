-- expects: not_available
os.getenv("AWS_SECRET_ACCESS_KEY")
