"use strict";

// The key stays in this page: it is sent with each request, and kept nowhere.
const form = document.getElementById("key-form");
const message = document.getElementById("message");

async function show(key) {
  const answer = await fetch("/api/v1/openapi.json", { headers: key ? { "x-functions-key": key } : {} });
  if (!answer.ok) {
    message.textContent = answer.status === 401
      ? (key ? "That key is not known here." : "Type a function key to read the document.")
      : `The host answered ${answer.status}. Try again later.`;
    return;
  }

  message.textContent = "";
  SwaggerUIBundle({
    spec: await answer.json(),
    dom_id: "#api",
    deepLinking: true,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    requestInterceptor: (request) => {
      if (key) {
        request.headers["x-functions-key"] = key;
      }

      return request;
    },
  });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  show(document.getElementById("key").value);
});

show("");
