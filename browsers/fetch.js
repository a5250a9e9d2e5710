// Sends one request from the page.
//   method, url, header (an object), body ("" for none)
// Result: {URL, Opaque, Status, Body}. Opaque: a redirect, of which the page may
// see nothing. The cache is passed by, so that the server is really asked.
async (method, url, header, body) => {
  const target = new URL(url, location.href);
  target.hash = "";
  if (target.origin !== location.origin)
    throw new Error("the open page is of " + location.origin + ", the request would go to " + target.origin);
  const r = await fetch(target, {
    method, headers: header ?? {}, body: body === "" ? undefined : body,
    credentials: "include", redirect: "manual", cache: "no-store",
  });
  const opaque = r.type === "opaqueredirect";
  return { URL: target.href, Opaque: opaque, Status: r.status, Body: opaque ? "" : await r.text() };
}
