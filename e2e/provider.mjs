// A certified OpenID provider for the journeys: the npm package oidc-provider, on a given port. Its sign-in form
// takes any name; who that is stands below.

import { createServer } from "node:http";
import Provider from "oidc-provider";

/** Starts it for one client. `people` gives the claims by the name somebody signs in with. */
export async function provider({ port, people, client, secret, redirect, signedOut, backchannel }) {
  const server = createServer();
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${port}`;
  const op = new Provider(issuer, {
    clients: [
      {
        client_id: client,
        client_secret: secret,
        redirect_uris: [redirect],
        post_logout_redirect_uris: [signedOut],
        backchannel_logout_uri: backchannel,
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    pkce: { required: () => true },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: true } },
    // As SURFconext: claims come with the scope openid, from userinfo.
    claims: { openid: ["sub", "schac_home_organization", "schac_personal_unique_codes"], profile: ["name"], email: ["email"] },
    findAccount: (_, id) => (people[id] ? { accountId: id, claims: () => ({ sub: id, ...people[id] }) } : undefined),
    // The package refuses to call this very machine; here that is where Regie is.
    fetch: (url, { dispatcher: _, ...options }) => globalThis.fetch(url, options),
    cookies: { keys: ["only in this test"] },
  });
  // The package warns that its sign-in form is for development; that is what it is for here.
  server.on("request", op.callback());
  return { issuer, stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))) };
}
