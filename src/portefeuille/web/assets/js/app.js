// Every page works without this file. It saves a wait, a double click and some typing.

// A form is sent once: the button waits until the next page.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button) button.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
  document.querySelectorAll(".button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
});

// What can be downloaded once is fetched here, so that the page can show at once that it is gone.
document.querySelectorAll("form[data-download]").forEach((form) => {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
    const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"));
    if (answer.redirected) { location.assign(answer.url); return; }
    if (!named) { form.submit(); return; } // the page that says why
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = named[1];
    link.click();
    setTimeout(() => location.reload(), 500); // the browser must have begun
  });
});

// After an error, what is wrong comes first: for the eyes and for who listens or works by keyboard.
// Once more when all is loaded: the link to the contents leaves its #inhoud in the address, to which the browser goes.
const toErrors = () => document.querySelector(".errors")?.focus();
toErrors();
addEventListener("load", toErrors);

// Copy buttons appear only where the browser can copy.
if (navigator.clipboard) {
  document.querySelectorAll("button[data-copy]").forEach((button) => {
    const words = [...button.childNodes];
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.done;
      setTimeout(() => button.replaceChildren(...words), 2000);
    });
  });
}

// A form with data-live asks the server for a fragment while somebody types; only the latest answer counts.
// What the fragment says in data-said is read out; an address that can be shared follows a form of method get.
const said = document.querySelector("#gezegd");
document.querySelectorAll("form[data-live]").forEach((form) => {
  const target = document.querySelector(form.dataset.liveTarget);
  const get = form.dataset.liveMethod === "get";
  let waiting = 0;
  let asked = 0;
  const show = (text, address) => {
    target.innerHTML = text;
    const words = target.querySelector("[data-said]");
    if (said && words) said.textContent = words.dataset.said || words.textContent;
    if (get) history.replaceState(null, "", address);
  };
  const ask = async () => {
    const mine = ++asked;
    const data = new FormData(form);
    const address = get ? `${form.dataset.live}?${new URLSearchParams(data)}` : form.dataset.live;
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, {
        method: get ? "GET" : "POST",
        body: get ? undefined : data,
        headers: { "X-Fragment": "1" },
        credentials: "same-origin",
      });
      const text = await answer.text();
      if (answer.status === 200 && !answer.redirected && mine === asked) show(text, address);
    } catch { /* the page still works by its buttons */ }
    if (mine === asked) target.removeAttribute("aria-busy");
  };
  form.addEventListener("submit", () => { clearTimeout(waiting); asked += 1; });
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, 300); });
});

// A page that shows progress asks for itself again.
const progress = document.querySelector("[data-refresh]");
if (progress) setTimeout(() => location.reload(), 1000 * Number(progress.dataset.refresh));
