/** How the tokens of these begin, as their makers' documents give it; each is a regular expression. */
const beginnings: Readonly<Record<string, string>> = {
  AWS: 'A[KS]IA[A-Z0-9]{12}|k8s-aws-v1\\.|amzn\\.mws\\.',
  Google: 'AIza|GOCSPX-|ya29\\.',
  Artifactory: 'AKCp\\w|cmVmdGtu',
  'Alibaba and Tencent Cloud': 'LTAI[0-9A-Za-z]{12}|AKID[0-9A-Za-z]{12}',
  Yandex: 't1\\.9eue|y0_Ag|AQVN',
  DigitalOcean: 'do[opr]_v1_',
  'Heroku, Fly, Vercel, Netlify, Contentful': 'HRKU-|fm[12]_|FlyV1|vercel_|nfp_|CFPAT-',
  GitHub: 'gh[oprsu]_|github_pat_',
  GitLab: 'gl(?:pat|dt|rt|ft|soat|ptt|agent|cbt|imt|oas)-',
  Slack: 'xox[abeprs][-.]|xapp-',
  'Stripe, Square, Shopify, Flutterwave, EasyPost':
    '[rs]k_(?:live|test)_|whsec_|sq0(?:atp|csp)-|shp(?:at|ca|pa|ss)_|FLWSECK|EZ[AT]K',
  'npm, PyPI, RubyGems, crates.io, Docker':
    'npm_|pypi-|rubygems_|cio[A-Za-z0-9]{32}|dckr_(?:pat|oat)_',
  'Vault and Terraform': 'hv[bprs]\\.|b\\.AAAA|atlasv1\\.|pul-',
  'OpenAI, Anthropic, Hugging Face and others':
    'sk-(?:proj-|ant-)?[A-Za-z0-9]|hf_|r8_|gsk_|xai-|pplx-|lsv2_|tvly-|nvapi-|ntn_|secret_',
  'Grafana, Datadog, New Relic, Sentry, PostHog, Sourcegraph, Sonar':
    'gl(?:sa|c)_|ddp_|NRAK-|sntry[su]_|ph[cx]_|sgp_|sq[upa]_|bkua_|ccipat_|waka_',
  'Tailscale, Atlassian, 1Password, Linear, Postman, Figma, Doppler, Resend, Frame.io':
    'tskey-|ATATT3|ATCTT3|ops_eyJ|lin_api_|PMAK-|figd_|dp\\.(?:pt|st|ct|sa|scim|audit)\\.|re_\\w{8}_|fio-u-',
  'Databricks, Supabase, PlanetScale, MongoDB Atlas': 'dapi[0-9a-f]{32}|sbp_|pscale_\\w|rdme_',
  'Facebook and Instagram': 'EAACEdEose0cBA|IGQVJ',
  Ory: 'ory_(?:at|st|rt)_',
  SendGrid: 'SG\\.',
  age: 'AGE-SECRET-KEY-',
  'JSON Web Tokens': 'eyJ',
};

/** What a word begins with that is a token, where it is long enough. */
export const tokenBeginning = new RegExp(`^(?:${Object.values(beginnings).join('|')})`);
