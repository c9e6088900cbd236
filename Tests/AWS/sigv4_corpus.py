"""Prints requests signed by botocore, one JSON object a line: COUNT requests from SEED."""

import datetime
import json
import random
import sys
from unittest import mock
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

UNICODE = "äöüßéñ漢字カナ한글🙂‽Ωж"
PATH_CHARACTERS = "abcXYZ019-_.~!$&'()*+,;=:@ %?#[]" + UNICODE
VALUE_CHARACTERS = "abcXYZ019-_.~ /:+%&=?#@!$'()*,;" + UNICODE
HEADER_CHARACTERS = "abcXYZ019-_.~/:+%&=?#@!$'()*,;\"<>" + UNICODE


def word(rng, characters, low=0, high=12):
    return "".join(rng.choice(characters) for _ in range(rng.randint(low, high)))


def path(rng, is_s3):
    kind = rng.randrange(8)
    if kind == 0:
        return ""
    if kind == 1:
        return "/"
    segments = []
    for _ in range(rng.randint(1, 4)):
        if rng.random() < 0.15:
            segments.append(rng.choice(["", ".", "..", "%3A", "arn%3Aaws%3Aec2", "a%2Fb"]))
        else:
            safe = rng.choice(["", "~", ":@!$&'()*+,;="])
            segments.append(quote(word(rng, PATH_CHARACTERS, 1), safe=safe))
    return "/" + "/".join(segments) + rng.choice(["", "/"])


def query(rng):
    if rng.random() < 0.3:
        return ""
    pairs = []
    names = [word(rng, VALUE_CHARACTERS, 1, 6) for _ in range(3)] + ["a", "A", "a-", "aa", "Key"]
    for _ in range(rng.randint(1, 6)):
        name = quote(rng.choice(names), safe="-_.~")
        form = rng.randrange(6)
        if form == 0:
            pairs.append(name)
        elif form == 1:
            pairs.append(name + "=")
        elif form == 2:
            pairs.append(name + "=b=c==")
        else:
            pairs.append(name + "=" + quote(word(rng, VALUE_CHARACTERS), safe="-_.~"))
    return "?" + "&".join(pairs)


def header_value(rng):
    words = [word(rng, HEADER_CHARACTERS, 1, 8) for _ in range(rng.randint(0, 4))]
    gap = lambda: rng.choice([" ", "  ", "     ", "\t", " \t "])
    text = "".join(w + gap() for w in words).strip()
    return rng.choice(["", " ", "   "]) + text + rng.choice(["", " ", "  "])


def headers(rng):
    names = [
        "Content-Type", "X-Amz-Target", "X-Amz-Meta-Colour", "x-amz-acl", "Range", "X-Custom",
        "User-Agent", "Expect", "X-Amzn-Trace-Id", "Transfer-Encoding", "Connection", "TE",
        "Content-MD5", "If-None-Match", "X-Amz-Copy-Source", "Cache-Control", "zeta", "Alpha",
    ]
    lines = []
    for name in rng.sample(names, rng.randint(0, 5)):
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            lines.append([rng.choice([name, name.lower(), name.upper()]), header_value(rng)])
    if rng.random() < 0.1:
        lines.append(["Host", "other.example.com"])
    rng.shuffle(lines)
    return lines


def main(count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        is_s3 = rng.random() < 0.35
        host = rng.choice(
            ["ec2.us-east-1.amazonaws.com", "ssm.eu-central-1.amazonaws.com", "127.0.0.1:5000",
             "Bucket.S3.amazonaws.com", "localhost:443", "localhost:80", "[::1]:8080"]
        )
        url = rng.choice(["http", "https"]) + "://" + host + path(rng, is_s3) + query(rng)
        body = rng.randbytes(rng.choice([0, 0, 1, 17, 300]))
        lines = headers(rng)
        if not is_s3 and rng.random() < 0.1:
            lines.append(["X-Amz-Content-SHA256", rng.choice(["UNSIGNED-PAYLOAD", "0" * 64])])
        if rng.random() < 0.1:
            lines.append(["Authorization", "stale"])
            lines.append(["X-Amz-Date", "20000101T000000Z"])
        request = AWSRequest(rng.choice(["GET", "POST", "PUT", "DELETE", "HEAD"]), url, data=body)
        for name, value in lines:
            request.headers.add_header(name, value)
        credentials = Credentials(
            "AKIA" + word(rng, "ABCDEFGHIJKLMNOP234567", 16, 16),
            word(rng, "abcdefABCDEF0123456789/+", 40, 40),
            word(rng, "abcABC123/+=", 20, 200) if rng.random() < 0.5 else None,
        )
        region = rng.choice(["us-east-1", "cn-north-1", "us-gov-west-1", "eu-central-1"])
        service = "s3" if is_s3 else rng.choice(["ec2", "ssm", "sts", "elasticfilesystem"])
        moment = datetime.datetime(1999, 12, 31) + datetime.timedelta(
            seconds=rng.randrange(40 * 365 * 86400)
        )
        signer = botocore.auth.S3SigV4Auth if is_s3 else botocore.auth.SigV4Auth
        with mock.patch("botocore.auth.get_current_datetime", lambda *a, **k: moment):
            signer(credentials, service, region).add_auth(request)
        print(json.dumps({
            "method": request.method, "url": url, "headers": lines, "body": body.hex(),
            "access": credentials.access_key, "secret": credentials.secret_key,
            "token": credentials.token, "region": region, "service": service, "s3": is_s3,
            "date": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "authorization": request.headers["Authorization"],
            "content_sha256": request.headers.get("X-Amz-Content-SHA256"),
        }, ensure_ascii=rng.random() < 0.5))


main(int(sys.argv[1]), int(sys.argv[2]))
