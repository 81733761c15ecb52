"""The OpenAI-compatible HTTP layer that the model server and the classical reference share."""

from __future__ import annotations

import hmac
import json
import sys
import time
import traceback
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from trainer.failure import TrainerFailure
from trainer.rows import ROLES

DEFAULT_MAX_TOKENS = 256
# Fields that change an answer and that this server does not act on are refused, unless they ask for the default.
NEUTRAL = {
    "stream": (False, None),
    "n": (1, None),
    "top_p": (1, None),
    "presence_penalty": (0, None),
    "frequency_penalty": (0, None),
    "logprobs": (False, None),
}
KNOWN = {
    "model",
    "messages",
    "temperature",
    "max_tokens",
    "max_completion_tokens",
    "seed",
    "user",
    "metadata",
    *NEUTRAL,
}


class ApiError(Exception):
    """An answer in the form OpenAI clients expect of an error."""

    def __init__(self, status: int, message: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        kind = "server_error" if status >= 500 else "invalid_request_error"
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}


@dataclass(frozen=True)
class ChatRequest:
    """A checked request for one answer."""

    model: str
    messages: list[dict[str, str]]
    temperature: float
    max_tokens: int
    seed: int | None


@dataclass(frozen=True)
class ChatAnswer:
    """One answer with its usage; `finish_reason` is stop or length."""

    text: str
    prompt_tokens: int
    completion_tokens: int
    finish_reason: str = "stop"


class Backend(Protocol):
    """What answers: a language model with adapters, or the classical reference."""

    fingerprint: str

    def models(self) -> list[str]:
        """Names that requests may ask for."""

    async def complete(self, request: ChatRequest) -> ChatAnswer:
        """Answers one request."""

    def prompt_hash(self, messages: list[dict[str, str]]) -> tuple[str, int]:
        """SHA-256 and length of the prompt's tokens."""


def check_messages(value: Any) -> list[dict[str, str]]:
    """Messages with plain text content; a list of text parts is joined. Raises ApiError 400."""
    if not isinstance(value, list) or not value:
        raise ApiError(400, "messages must be a list that is not empty", "messages")
    messages = []
    for index, item in enumerate(value):
        where = f"messages[{index}]"
        if not isinstance(item, dict) or item.get("role") not in ROLES:
            raise ApiError(400, f"{where}.role must be one of {', '.join(ROLES)}", where)
        content = item.get("content")
        if isinstance(content, list) and all(
            isinstance(part, dict) and part.get("type") == "text" for part in content
        ):
            content = "".join(str(part.get("text", "")) for part in content)
        if not isinstance(content, str):
            raise ApiError(400, f"{where}.content must be text", where)
        messages.append({"role": item["role"], "content": content})
    return messages


def check_model(body: dict[str, Any], backend: Backend) -> str:
    """The asked-for model's name; raises ApiError 404 when it is not served here."""
    model = body.get("model")
    if model not in backend.models():
        raise ApiError(404, f"the model {json.dumps(model)[:80]} is not served here", "model", "model_not_found")
    return str(model)


def check_chat(body: dict[str, Any], backend: Backend) -> ChatRequest:
    """Turns a request body into a ChatRequest; raises ApiError naming the field."""
    for key in body:
        if key not in KNOWN:
            raise ApiError(400, f"{key} is not supported", key, "unsupported_parameter")
    for key, allowed in NEUTRAL.items():
        if key in body and body[key] not in allowed:
            raise ApiError(400, f"{key} supports only {json.dumps(allowed[0])}", key, "unsupported_value")
    temperature = body.get("temperature") or 0
    if isinstance(temperature, bool) or not isinstance(temperature, (int, float)) or not 0 <= temperature <= 2:
        raise ApiError(400, "temperature must be a number from 0 to 2", "temperature")
    limit = body.get("max_completion_tokens") or body.get("max_tokens") or DEFAULT_MAX_TOKENS
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ApiError(400, "max_tokens must be an integer of at least 1", "max_tokens")
    seed = body.get("seed")
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, int)):
        raise ApiError(400, "seed must be an integer", "seed")
    return ChatRequest(check_model(body, backend), check_messages(body.get("messages")), temperature, limit, seed)


def completion_body(request: ChatRequest, answer: ChatAnswer, fingerprint: str) -> dict[str, Any]:
    """The answer in the shape of a chat completion."""
    return {
        "id": f"chatcmpl-{uuid.uuid4().hex}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": request.model,
        "system_fingerprint": fingerprint,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": answer.text},
                "finish_reason": answer.finish_reason,
            }
        ],
        "usage": {
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": answer.completion_tokens,
            "total_tokens": answer.prompt_tokens + answer.completion_tokens,
        },
    }


def build_app(backend: Backend, api_key: str | None = None) -> Starlette:
    """The application; with `api_key`, everything but /health asks for it."""

    def guarded(handle: Callable[[Request], Awaitable[Any]]) -> Callable[[Request], Awaitable[JSONResponse]]:
        async def endpoint(request: Request) -> JSONResponse:
            try:
                sent = request.headers.get("authorization", "").encode()
                if api_key is not None and not hmac.compare_digest(sent, f"Bearer {api_key}".encode()):
                    raise ApiError(401, "the API key is missing or wrong", None, "invalid_api_key")
                return JSONResponse(await handle(request))
            except ApiError as error:
                return JSONResponse(error.body, error.status)
            except TrainerFailure as error:
                return JSONResponse(ApiError(400, error.message).body, 400)
            except Exception as error:
                # Only the type and the places: an exception's text might quote the prompt.
                print(type(error).__name__, file=sys.stderr)
                traceback.print_tb(error.__traceback__)
                return JSONResponse(ApiError(500, f"{type(error).__name__} while answering").body, 500)

        return endpoint

    async def read(request: Request) -> dict[str, Any]:
        try:
            body = json.loads(await request.body())
        except ValueError:
            raise ApiError(400, "the body is not valid JSON") from None
        if not isinstance(body, dict):
            raise ApiError(400, "the body must be a JSON object")
        return body

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "models": backend.models()})

    async def models(_: Request) -> dict[str, Any]:
        listed = [{"id": name, "object": "model", "owned_by": "contender"} for name in backend.models()]
        return {"object": "list", "data": listed}

    async def chat(request: Request) -> dict[str, Any]:
        checked = check_chat(await read(request), backend)
        return completion_body(checked, await backend.complete(checked), backend.fingerprint)

    async def prompt_tokens(request: Request) -> dict[str, Any]:
        body = await read(request)
        check_model(body, backend)
        digest, count = backend.prompt_hash(check_messages(body.get("messages")))
        return {"prompt_sha256": digest, "prompt_tokens": count}

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/v1/models", guarded(models)),
            Route("/v1/chat/completions", guarded(chat), methods=["POST"]),
            Route("/v1/contender/prompt-tokens", guarded(prompt_tokens), methods=["POST"]),
        ]
    )
