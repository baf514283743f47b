// A certified OpenID Connect provider that speaks as ACM/IDM does. It reads what it must know as JSON from standard
// input (port, client, people) and ends with its standard input.
import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import Provider from "oidc-provider";

const lines = createInterface({ input: process.stdin });
lines.once("line", (line) => start(JSON.parse(line)));
lines.once("close", () => process.exit(0));

function signingKey() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256" };
}

function start({ port, client, people, rightsClaim }) {
  const issuer = `http://127.0.0.1:${port}/op`;
  const provider = new Provider(issuer, {
    clients: [client],
    jwks: { keys: [signingKey()] },
    cookies: { keys: ["only-for-tests"] },
    // ACM puts its claims in the ID token, by the scopes that were granted to the client.
    conformIdTokenClaims: false,
    scopes: ["openid", "profile", "rrn", "vo", "wettelijkvertegenwoordiger", "kmo_portefeuille"],
    claims: {
      openid: ["sub", "acr"],
      profile: ["given_name", "family_name"],
      rrn: ["rrn"],
      vo: ["vo_id", "vo_doelgroepcode", "vo_doelgroepnaam", "vo_orgcode", "vo_orgnaam"],
      wettelijkvertegenwoordiger: ["wv_orgcode"],
      kmo_portefeuille: [rightsClaim],
    },
    acrValues: [...new Set(Object.values(people).map((person) => person.acr))],
    pkce: { required: () => true },
    ttl: { AuthorizationCode: 30, AccessToken: 3600, IdToken: 3600, Interaction: 600, Grant: 3600, Session: 3600 },
    features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource } },
    interactions: { url: (_ctx, interaction) => `/op/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  const answer = provider.callback();
  createServer(async (request, response) => {
    const address = new URL(request.url, issuer);
    if (!address.pathname.startsWith("/op/interaction/")) {
      request.originalUrl = request.url;
      request.url = request.url.replace(/^\/op/, "") || "/";
      return answer(request, response);
    }
    const chosen = address.searchParams.get("wie");
    if (address.searchParams.has("stop")) {
      return provider.interactionFinished(request, response, { error: "access_denied" });
    }
    const { params } = await provider.interactionDetails(request, response);
    if (!chosen || !people[chosen]) {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      return response.end(page(people, params));
    }
    const grant = new provider.Grant({ accountId: chosen, clientId: client.client_id });
    grant.addOIDCScope(params.scope);
    await provider.interactionFinished(request, response, {
      login: { accountId: chosen, acr: people[chosen].acr },
      consent: { grantId: await grant.save() },
    });
  }).listen(port, "127.0.0.1");
}

async function logoutSource(ctx, form) {
  ctx.body = `<!doctype html><html lang="nl"><head><title>Afmelden bij de overheid</title><link rel="icon" href="data:,"></head>
<body><main><h1>Afmelden?</h1>${form}<button form="op.logoutForm" name="logout" value="yes">Meld me af</button></main></body></html>`;
}

function page(people, params) {
  const hint = params.login_hint ? `<p id="hint">${Buffer.from(params.login_hint, "base64")}</p>` : "";
  const names = Object.entries(people).map(
    ([id, one]) => `<li><a href="?wie=${id}">${one.given_name} ${one.family_name} voor ${one.vo_orgnaam}</a></li>`,
  );
  return `<!doctype html><html lang="nl"><head><title>Aanmelden bij de overheid</title><link rel="icon" href="data:,"></head>
<body><main><h1>Wie ben je?</h1>${hint}<ul>${names.join("")}</ul><p><a href="?stop=1">Stop</a></p></main></body></html>`;
}
