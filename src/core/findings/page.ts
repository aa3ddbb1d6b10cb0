/** Languages other than English that the findings' pages are written in, as VS Code names them. */
export const pageLanguages = ['zh-cn'] as const;

/**
 * Where a finding's page is, below the extension's folder.
 *
 * @param language of the reader; one without pages of its own gets the English ones
 */
export function pageOfFinding(code: string, language: string): string {
  const own = pageLanguages.find((one) => one === language.toLowerCase());
  return own ? `docs/findings/${own}/${code}.md` : `docs/findings/${code}.md`;
}
