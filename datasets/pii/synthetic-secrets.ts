// Generated network addresses, addresses with credentials, keys and record numbers, in the formats their issuers publish.
import { createHash } from 'node:crypto';
import { alphanumeric, base64url, hex, lower, upper, type Choices } from './synthetic-random.ts';

export function ip(choose: Choices): string {
  const octet = (): string => String(choose.below(256));
  const group = (): string => choose.of(hex, 4).replace(/^0+(?=.)/u, '');
  const prefix = choose.pick(['2001:4860', '2a02:8109', '2606:4700', '2003:e5', '2400:cb00', '3fff:1a']);
  return choose.pick([
    `${choose.pick(['8', '34', '52', '80', '93', '145', '185', '203', '212'])}.${octet()}.${octet()}.${octet()}`,
    `${choose.pick(['17', '31', '62', '104', '151', '195', '217'])}.${octet()}.${octet()}.${octet()}`,
    `${prefix}:${group()}:${group()}:${group()}:${group()}:${group()}:${group()}`,
    `${prefix}:${group()}::${group()}`,
    `${prefix}::${group()}`,
    `${prefix}:${group()}:${group()}::`,
  ]);
}

export function urlWithCredentials(choose: Choices): string {
  const [user, host] = [
    choose.pick(['admin', 'deploy', 'root', 'svc-etl', 'anna']),
    choose.pick([
      'db.example.com:5432/orders',
      'git.example.org/team/app.git',
      '10.0.0.5:6379/0',
      'files.example.net/in',
    ]),
  ];
  const password = choose.of(`${alphanumeric}!$_-`, 8 + choose.below(10)).replace(/^[$]/u, 'p');
  const token = choose.of(alphanumeric, 24 + choose.below(16));
  return choose.pick([
    `${choose.pick(['postgres', 'https', 'mysql', 'redis', 'ftp', 'mongodb+srv', 'amqp'])}://${user}:${password}@${host}`,
    `https://api.example.com/v1/export?format=csv&access_token=${token}`,
    `https://hooks.example.io/run?token=${token}`,
    `https://maps.example.com/geo?api_key=${token}&q=berlin`,
    `https://bucket.example-storage.com/report.pdf?X-Amz-Date=20240102T030405Z&X-Amz-Signature=${choose.of(hex, 64)}`,
  ]);
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export function apiKey(choose: Choices): { readonly value: string; readonly before?: string } {
  const of = (prefix: string, alphabet: string, length: number): string => `${prefix}${choose.of(alphabet, length)}`;
  const mixed = `${choose.of(lower, 2)}${choose.digits(2)}${choose.of(alphanumeric, 28)}`;
  return choose.pick<{ readonly value: string; readonly before?: string }>([
    { value: of('sk-proj-', base64url, 48) + 'T3BlbkFJ' + choose.of(alphanumeric, 40) },
    { value: `sk-${choose.of(alphanumeric, 20)}T3BlbkFJ${choose.of(alphanumeric, 20)}` },
    { value: `sk-ant-api03-${choose.of(base64url, 92)}A` },
    { value: of('AKIA', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16) },
    { value: of('ASIA', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', 16) },
    {
      value: `${choose.of(lower, 1)}7${choose.of(`${alphanumeric}/+`, 37)}k`,
      before: choose.pick(['aws_secret_access_key = ', 'AWS_SECRET_ACCESS_KEY=']),
    },
    { value: of(choose.pick(['ghp_', 'gho_', 'ghs_']), alphanumeric, 36) },
    { value: `github_pat_${choose.of(alphanumeric, 22)}_${choose.of(alphanumeric, 59)}` },
    { value: of('glpat-', base64url, 19) + 'x' },
    { value: `xoxb-${choose.digits(12)}-${choose.digits(13)}-${choose.of(alphanumeric, 24)}` },
    { value: of('AIza', base64url, 34) + 'Q' },
    { value: of(choose.pick(['sk_live_', 'rk_live_', 'sk_test_']), alphanumeric, 24) },
    { value: of('hf_', alphanumeric, 34) },
    { value: of('npm_', alphanumeric, 36) },
    { value: `pypi-AgEIcHlwaS5vcmc${choose.of(base64url, 120)}A` },
    {
      value: `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded({ sub: choose.digits(8), iat: 1_700_000_000 })}.${choose.of(base64url, 42)}A`,
    },
    {
      value: mixed,
      before: choose.pick([
        'api_key = "',
        "apiKey: '",
        'API_KEY=',
        'client_secret: ',
        '"access_token": "',
        'Authorization: Bearer ',
      ]),
    },
    { value: choose.of(hex, 32), before: choose.pick(['api_key = ', 'export SECRET_KEY=', 'auth_token: ']) },
  ]);
}

/** No key at all: random bytes in the armour of one. */
export function privateKey(choose: Choices): string {
  const kind = choose.pick([
    'RSA PRIVATE KEY',
    'EC PRIVATE KEY',
    'PRIVATE KEY',
    'OPENSSH PRIVATE KEY',
    'ENCRYPTED PRIVATE KEY',
    'PGP PRIVATE KEY BLOCK',
    'DSA PRIVATE KEY',
  ]);
  const lines = Array.from({ length: 3 + choose.below(8) }, () =>
    createHash('sha384').update(choose.digits(16)).digest('base64'),
  );
  const headers = kind.startsWith('PGP')
    ? ['Version: GnuPG v2', '']
    : choose.below(5) === 0
      ? ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-256-CBC,0A1B2C3D', '']
      : [];
  return [`-----BEGIN ${kind}-----`, ...headers, ...lines, `-----END ${kind}-----`].join(
    choose.pick(['\n', '\n', '\r\n', String.raw`\n`]),
  );
}

export function medicalRecord(choose: Choices): { readonly value: string; readonly before: string } {
  const value = choose.pick([
    choose.digits(8),
    choose.digits(6),
    choose.digits(10),
    `${choose.of(upper, 2)}${choose.digits(7)}`,
    choose.fill('###-##-####').replace(/^\d{3}/u, '900'),
    choose.fill('##-##-##'),
    `${choose.of(upper, 1)}-${choose.digits(6)}`,
  ]);
  const before = choose.pick([
    'MRN: ',
    'MRN ',
    'MRN# ',
    'Medical Record Number: ',
    'medical record no. ',
    'Patient ID: ',
    'patient identifier ',
    'Medical record number (MRN): ',
    'hospital number ',
    'Patient ID = ',
  ]);
  return { value, before };
}
