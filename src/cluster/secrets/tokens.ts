import { nonEmpty, type Part } from './parts';

/**
 * Tokens that tell by themselves what they are: of AWS, GitHub, GitLab, Slack, Stripe, Google, npm, Vault,
 * Docker, PyPI, OpenAI and Anthropic, Hugging Face, Shopify, Grafana, Tailscale, Atlassian, 1Password,
 * Databricks, Supabase, MongoDB Atlas, Alibaba and Tencent Cloud, as their makers' documents give their beginnings.
 */
const tokenShape =
  /^(?:A[KS]IA[A-Z0-9]{12}|gh[oprsu]_|github_pat_|gl(?:pat|dt|rt|ft|soat|ptt|agent|cbt|imt)-|xox[abeprs][-.]|xapp-|[rs]k_(?:live|test)_|AIza|GOCSPX-|ya29\.|npm_|hv[bs]\.|do[opr]_v1_|SG\.|k8s-aws-v1\.|pypi-|dckr_pat_|sk-(?:proj-|ant-)?[A-Za-z0-9]|hf_|shp(?:at|ca|pa|ss)_|sq0(?:atp|csp)-|gl(?:sa|c)_|tskey-|ATATT3|ops_eyJ|lin_api_|PMAK-|NRAK-|nvapi-|AGE-SECRET-KEY-|atlasv1\.|dapi[0-9a-f]{32}|sbp_|rdme_|LTAI[0-9A-Za-z]{12}|AKID[0-9A-Za-z]{12}|eyJ)/;
const shortestToken = 20;
/** A bootstrap token of kubeadm: `abcdef.0123456789abcdef`. */
const bootstrapToken = /^[a-z0-9]{6}\.[a-z0-9]{16}$/;
/** In base64 `-----BEGIN `, as kubeconfigs and Secrets hold keys and certificates. */
const pemInBase64 = 'LS0tLS1CRUdJT';
/** Of a watch or exec over WebSocket, what a browser sends in place of a header (kube-apiserver's websocket). */
const subprotocol = 'base64url.bearer.authorization.k8s.io.';

/**
 * The token that begins with this word, where it is one by its own look: also half of a JSON Web Token.
 *
 * @param start where the word stands in the text
 */
export function tokenAt(text: string, word: string, start: number): Part | undefined {
  const isJwt = word.startsWith('eyJ') && word.split('.').length > 2;
  const isShaped = word.length >= shortestToken && tokenShape.test(word);
  if (isJwt || isShaped || bootstrapToken.test(word) || isKey(word)) {
    return nonEmpty(start, tokenEnd(text, start + word.length));
  }
  const end = start + word.length;
  if (word.startsWith(subprotocol)) return nonEmpty(start + subprotocol.length, end);
  // OpenShift's, Azure's, Rancher's and k3s' have signs within that end other words.
  if (/^sha256$|\dQ$/.test(word) && text[end] === '~') return nonEmpty(start, tokenEnd(text, end));
  const isRancher = /^(?:kubeconfig-u|token)-/.test(word) && text[end] === ':';
  const isK3s = /^K10[0-9a-f]{16,}$/.test(word) && text.startsWith('::', end);
  if (!isRancher && !isK3s) return undefined;
  const behind = tokenEnd(text, end, ':');
  return behind - end > shortestToken || isK3s ? nonEmpty(start, behind) : undefined;
}

/** A private key in base64; a certificate is public. */
function isKey(word: string): boolean {
  if (!word.startsWith(pemInBase64)) return false;
  const head = word.slice(0, 64);
  try {
    return atob(head.slice(0, head.length - (head.length % 4))).includes('PRIVATE');
  } catch {
    return false;
  }
}

function tokenEnd(text: string, from: number, more = ''): number {
  let end = from;
  while (end < text.length && (/[\w.~+/=-]/.test(text[end]!) || more.includes(text[end]!))) end++;
  return end;
}
