import { type HostedAnswer, type HostedRequest, html } from './answers.ts';
import { csrfToken } from './cookies.ts';

interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: 'text' | 'password';
  readonly autocomplete: string;
}

interface FormPage {
  readonly title: string;
  /** `/login`, with the authorization request behind it. */
  readonly action: string;
  readonly fields: readonly Field[];
  readonly submit: string;
  readonly note?: string | undefined;
  readonly error?: string | undefined;
  /** The sign-in that waits for this form. */
  readonly session?: string | undefined;
}

/** A page with one form, as plain as can be; every text is escaped. */
export function formPage(request: HostedRequest, page: FormPage): HostedAnswer {
  const { token, setCookie } = csrfToken(request);
  const action = `${request.base}${page.action}?${request.raw.query}`;
  const fields = page.fields.map(
    ({ name, label, type, autocomplete }) =>
      `<label>${escaped(label)}<input name="${name}" type="${type}" autocomplete="${autocomplete}" required></label>`,
  );
  const body = [
    page.error === undefined ? '' : `<p role="alert">${escaped(page.error)}</p>`,
    page.note === undefined ? '' : `<p>${escaped(page.note)}</p>`,
    `<form method="post" action="${escaped(action)}">`,
    `<input type="hidden" name="_csrf" value="${escaped(token)}">`,
    page.session === undefined ? '' : `<input type="hidden" name="session" value="${escaped(page.session)}">`,
    ...fields,
    `<button type="submit">${escaped(page.submit)}</button>`,
    '</form>',
  ];
  return html(page.error === undefined ? 200 : 400, document(page.title, body.join('\n')), { 'set-cookie': setCookie });
}

/** What is shown when the browser can't be sent back to the app. */
export function errorPage(status: number, code: string, description: string): HostedAnswer {
  return html(
    status,
    document('Something went wrong', `<p role="alert">${escaped(description)} (${escaped(code)})</p>`),
  );
}

function document(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 22rem; margin: 4rem auto; padding: 0 1rem; }
label { display: block; margin: 1rem 0; }
input { display: block; width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
button { padding: .5rem 1rem; font: inherit; }
[role=alert] { color: #b00020; }
</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${body}
</body>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.codePointAt(0)};`);
}
