"""`python -m tests.bench.fastapi_server PORT`: FastAPI on uvicorn, as fast as it comes: uvloop, httptools
where installed, no access log; the body parsed, a constant JSONResponse returned."""

import sys

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from tests.bench.constant import REPLY

app = FastAPI()


@app.post("/hooks/callr/{flow}")
async def hook(request: Request) -> JSONResponse:
    """The same as the bare handler."""
    await request.json()
    return JSONResponse(REPLY)


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", access_log=False, log_level="warning")
