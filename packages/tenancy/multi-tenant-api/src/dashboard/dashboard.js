// What a tenant sees of its quota: sign-in with an authorization code and PKCE, then the API with the ID token. The token stays
// in this page's memory; who reloads it comes back through the sign-in, which remembers the browser.

const setting = (name) => document.querySelector(`meta[name="${name}"]`).content;
const [signIn, clientId] = [setting('sign-in'), setting('client-id')];
const home = `${location.origin}${location.pathname}`;
const show = (id, text) => {
  document.getElementById(id).textContent = text;
};
const say = (text) => show('message', text);

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function goToSignIn() {
  const [verifier, state] = [random(), random()];
  sessionStorage.setItem('sign-in', JSON.stringify({ verifier, state }));
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: home,
    scope: 'openid profile',
    state,
    code_challenge: base64url(digest),
    code_challenge_method: 'S256',
  });
  location.assign(`${signIn}/oauth2/authorize?${query}`);
}

/** The ID token for the code that the sign-in came back with; undefined when it did not. */
async function redeem() {
  const answer = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem('sign-in') ?? '{}');
  sessionStorage.removeItem('sign-in');
  history.replaceState(undefined, '', home);
  if (!answer.has('code')) return undefined;
  if (answer.get('state') !== begun.state) throw new Error('This sign-in was not begun here.');
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: home,
    code: answer.get('code'),
    code_verifier: begun.verifier,
  });
  const response = await fetch(`${signIn}/oauth2/token`, { method: 'POST', body });
  if (!response.ok) throw new Error('The sign-in has expired.');
  return (await response.json()).id_token;
}

function showUser(token) {
  // Read, not verified: the API does that with every request.
  const claims = JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  show('email', claims.email);
  show('tenant', claims['custom:tenant_id']);
  document.getElementById('usage').hidden = false;
}

async function refresh(token) {
  const response = await fetch('usage', { headers: { authorization: `Bearer ${token}` } });
  const usage = await response.json();
  if (!response.ok) throw new Error(usage.title);
  for (const name of ['plan', 'used', 'remaining']) show(name, usage[name]);
  const meter = document.getElementById('meter');
  meter.max = usage.used + usage.remaining;
  meter.value = usage.used;
}

async function send(token) {
  const button = document.getElementById('send');
  button.disabled = true;
  try {
    const response = await fetch('products', { headers: { authorization: `Bearer ${token}` } });
    const answer = await response.json();
    say(response.ok ? 'Answered' : answer.title);
    await refresh(token);
  } finally {
    button.disabled = false;
  }
}

/** What goes wrong is said on the page. */
const guarded = (run) => () => run().catch((error) => say(error.message));

const start = guarded(async () => {
  const button = document.getElementById('sign-in');
  button.addEventListener('click', guarded(goToSignIn));
  const token = await redeem();
  button.hidden = token !== undefined;
  if (token === undefined) return;
  showUser(token);
  document.getElementById('send').addEventListener(
    'click',
    guarded(() => send(token)),
  );
  document.getElementById('sign-out').addEventListener('click', () => {
    location.assign(`${signIn}/logout?${new URLSearchParams({ client_id: clientId, logout_uri: home })}`);
  });
  await refresh(token);
});
start();
