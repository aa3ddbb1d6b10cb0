/** Only the panel's own script, its style sheet by URI, and images made on the page (for PNG). */
export function contentSecurityPolicy(cspSource: string, nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'nonce-${nonce}'`,
    // The nonce is for the toolkit: it asks by an empty style element what the browser can do.
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `img-src data:`,
  ].join('; ');
}

export interface PageParts {
  readonly cspSource: string;
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  /** BCP 47: `en`, `zh-cn`. */
  readonly language: string;
  readonly title: string;
  /** `vscode.l10n.bundle`; undefined in English. */
  readonly texts: object | undefined;
}

/** The panel's page: empty, everything in it is made by the script. No text of a dump is in here. */
export function pageHtml(parts: PageParts): string {
  const { cspSource, nonce, script, style, language, title, texts = {} } = parts;
  return `<!DOCTYPE html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(cspSource, nonce)}">
    <meta property="csp-nonce" content="${nonce}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${attribute(title)}</title>
    <link rel="stylesheet" href="${style}">
  </head>
  <body data-l10n="${attribute(JSON.stringify(texts))}">
    <script type="module" nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
}
