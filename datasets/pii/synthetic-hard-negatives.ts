// Generated texts that hold nothing personal, but values that look as if they were.
import { luhnDigit } from './synthetic-check-digits.ts';
import { alphanumeric, hex, upper, type Choices } from './synthetic-random.ts';

type Make = (choose: Choices) => string;

/** ISBN-13 and EAN: weights 1 and 3. */
function ean(body: string): string {
  const sum = Array.from(body).reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function isbn10(body: string): string {
  const sum = Array.from(body).reduce((total, digit, index) => total + Number(digit) * (10 - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return `${body}${check === 10 ? 'X' : check}`;
}

const two = (choose: Choices, least: number, most: number): string =>
  String(least + choose.below(most - least + 1)).padStart(2, '0');

/** By kind; each gives one sentence. */
export const hardNegatives: Readonly<Record<string, Make>> = {
  'order number': (choose) =>
    choose.pick([
      `Your order ${choose.digits(10)} has shipped.`,
      `Order #${choose.digits(8)} was cancelled by the shop.`,
      `Invoice no. ${choose.fill('2024-######')} is due on Friday.`,
      `Ref: ${choose.digits(9)}, please quote it.`,
      `Order ID ${choose.fill('###-#######-#######')} arrives tomorrow.`,
      `Ticket ${choose.digits(12)} was closed.`,
    ]),
  'tracking number': (choose) =>
    choose.pick([
      `Tracking 1Z${choose.of(`${upper}0123456789`, 16)} shows a delay.`,
      `Parcel ${choose.fill('9400 1### #### #### #### ##')} left the depot.`,
      `Shipment ${choose.of(upper, 2)}${choose.digits(9)}${choose.of(upper, 2)} is in customs.`,
    ]),
  'ISBN-10': (choose) => {
    const isbn = isbn10(choose.digits(9));
    return choose.pick([
      `The second edition is ISBN ${isbn}.`,
      `See ISBN ${isbn.replace(/(.)(...)(.....)(.)/u, '$1-$2-$3-$4')}, chapter 3.`,
    ]);
  },
  'ISBN-13': (choose) => {
    const isbn = ean(`978${choose.digits(9)}`);
    return choose.pick([
      `The paperback (ISBN ${isbn}) is out of print.`,
      `ISBN ${isbn.replace(/(...)(.)(...)(.....)(.)/u, '$1-$2-$3-$4-$5')} is in the catalogue.`,
    ]);
  },
  EAN: (choose) =>
    `Scan the barcode ${ean(choose.pick(['40', '50', '30', '87', '73']) + choose.digits(10))} at the till.`,
  'git hash': (choose) =>
    choose.pick([
      `Fixed in commit ${choose.of(hex, 40)}.`,
      `Revert ${choose.of(hex, 7)} before the release.`,
      `The build of ${choose.of(hex, 12)} failed twice.`,
      `sha256:${choose.of(hex, 64)} is what the image has.`,
      `md5 ${choose.of(hex, 32)} matches.`,
    ]),
  UUID: (choose) => {
    const uuid = `${choose.of(hex, 8)}-${choose.of(hex, 4)}-4${choose.of(hex, 3)}-a${choose.of(hex, 3)}-${choose.of(hex, 12)}`;
    return choose.pick([
      `Request ${uuid} timed out.`,
      `The session ${uuid.toUpperCase()} expired.`,
      `/objects/${uuid}/parts`,
    ]);
  },
  version: (choose) =>
    choose.pick([
      `Upgrade to v${choose.below(9)}.${choose.below(20)}.${choose.below(30)}.${choose.below(200)} first.`,
      `Version ${1 + choose.below(20)}.${choose.below(20)}.${choose.below(10)}.${choose.below(99)} fixes it.`,
      `Chrome version ${choose.fill('1##.0.####.###')} is affected.`,
      `firmware ${choose.below(9)}.${choose.below(9)}.${choose.below(9)}.${choose.below(9)} is old`,
      `Requires numpy>=1.${choose.below(30)}.${choose.below(9)} and node ${choose.below(24)}.${choose.below(20)}.${choose.below(9)}.`,
      `pkg@${choose.below(9)}.${choose.below(9)}.${choose.below(9)} is deprecated`,
      `AssemblyVersion("${choose.below(9)}.${choose.below(9)}.${choose.below(9)}.${choose.below(9)}")`,
    ]),
  date: (choose) => {
    const [day, month, year] = [two(choose, 1, 28), two(choose, 1, 12), String(1990 + choose.below(40))];
    return choose.pick([
      `The meeting on ${year}-${month}-${day} was moved.`,
      `Geliefert am ${day}.${month}.${year} um ${two(choose, 0, 23)}:${two(choose, 0, 59)}.`,
      `Due ${month}/${day}/${year}.`,
      `Logged at ${year}-${month}-${day}T${two(choose, 0, 23)}:${two(choose, 0, 59)}:${two(choose, 0, 59)}.${choose.digits(3)}Z`,
      `Backup ${year}${month}${day}${two(choose, 0, 23)}${two(choose, 0, 59)}00 finished.`,
      `From ${day}.${month}.${year} - ${two(choose, 1, 28)}.${month}.${year} we are closed.`,
    ]);
  },
  'time stamp': (choose) =>
    choose.pick([
      `The event at ${choose.fill('17########')} was late.`,
      `"ts": ${choose.fill('17###########')}`,
      `Elapsed 00:${two(choose, 0, 59)}:${two(choose, 0, 59)}.${choose.digits(6)}`,
    ]),
  price: (choose) =>
    choose.pick([
      `It costs $${choose.fill('1,###,###.##')} in total.`,
      `Revenue was ${choose.fill('4.###.###,##')} EUR.`,
      `The budget is ${choose.fill('12 ### ###')} SEK.`,
      `Paid ${choose.fill('£#,###.##')} for ${choose.digits(3)} units.`,
      `Population: ${choose.fill('83,###,###')}.`,
    ]),
  'serial number': (choose) =>
    choose.pick([
      `S/N ${choose.of(upper, 3)}${choose.digits(9)} is under warranty.`,
      `Serial number: ${choose.of(`${upper}0123456789`, 12)}`,
      `The unit with serial ${choose.fill('####-####-####')} was replaced.`,
      `Licence plate ${choose.of(upper, 2)}${choose.digits(2)} ${choose.of(upper, 3)} was seen.`,
      `IMEI ${choose.fill('35#############')} is blocked.`,
    ]),
  coordinates: (choose) =>
    choose.pick([
      `The tower is at ${choose.fill('4#.######')}, ${choose.fill('-7#.######')}.`,
      `lat=${choose.fill('5#.########')} lon=${choose.fill('1#.########')}`,
      `POINT(${choose.fill('1#.#######')} ${choose.fill('4#.#######')})`,
    ]),
  'hex colour': (choose) => `Use #${choose.of(hex, 6)} on #${choose.of(hex, 6)}; the border is 0x${choose.of(hex, 8)}.`,
  'wrong IBAN': (choose) => {
    const account = choose.digits(18);
    return choose.pick([
      `The example DE00 ${account.replaceAll(/(.{4})(?=.)/gu, '$1 ')} is not valid.`,
      `GB99ZZZZ${choose.digits(14)} was rejected.`,
      `Error: DE01${account} has a bad checksum.`,
    ]);
  },
  'card that fails Luhn': (choose) => {
    const body = `${choose.pick(['4', '51', '37', '6011'])}${choose.digits(14)}`.slice(0, 15);
    const wrong = String((Number(luhnDigit(body)) + 1 + choose.below(9)) % 10);
    const whole = `${body}${wrong}`;
    return choose.pick([
      `Card ${whole} was declined as mistyped.`,
      `The test number ${whole.replaceAll(/(.{4})(?=.)/gu, '$1 ')} fails.`,
      `pan=${whole.replaceAll(/(.{4})(?=.)/gu, '$1-')}`,
    ]);
  },
  'base64 image': (choose) =>
    `<img src="data:image/png;base64,iVBORw0KGgo${choose.of(`${alphanumeric}+/`, 200 + choose.below(200))}=">`,
  'part number': (choose) =>
    choose.pick([
      `Part number ${choose.fill('555-####-###')} fits both.`,
      `P/N ${choose.fill('0402-###-####')} is obsolete.`,
      `Order part ${choose.fill('####-#####-##')} instead.`,
      `SKU ${choose.fill('###-###-####')} is sold out.`,
      `Model ${choose.of(upper, 2)}-${choose.fill('####-####')} and ${choose.fill('##-#####')}.`,
      `Item no. ${choose.fill('06.12.####')}`,
    ]),
  'private network': (choose) =>
    choose.pick([
      `ping 192.168.${choose.below(256)}.${choose.below(256)}`,
      `The gateway is 10.${choose.below(256)}.${choose.below(256)}.1.`,
      `Listening on 127.0.0.1:${choose.digits(4)}`,
      `Netmask 255.255.${choose.below(256)}.0`,
      `fe80::${choose.of(hex, 4)}:${choose.of(hex, 4)} on eth0`,
      `MAC ${Array.from({ length: 6 }, () => choose.of(hex, 2)).join(':')}`,
    ]),
  'near e-mail': (choose) =>
    choose.pick([
      `Follow @user${choose.digits(4)} for news.`,
      `Clone git@github.com:team/project${choose.digits(2)}.git`,
      `The file icon@${choose.below(9)}x.png is missing.`,
      `@Override public int size() { return ${choose.digits(5)}; }`,
      `npm i @types/node@${choose.below(24)}.${choose.below(9)}.1`,
      `Meet @ 5.30 p.m. in room ${choose.digits(3)}.`,
      `SELECT @row := @row + 1`,
    ]),
  'talk of secrets': (choose) =>
    choose.pick([
      'Set api_key = YOUR_API_KEY_HERE_PLEASE in the config.',
      'The password: see-the-internal-wiki-page',
      'export TOKEN=${GITHUB_TOKEN}',
      'token = tokenizer.encode(text_of_the_row)',
      `The secret: ${'x'.repeat(20)}`,
      'https://user:password@example.com is the form.',
      'const accessToken = getAccessTokenFromStore()',
      'It begins with -----BEGIN PRIVATE KEY----- and then comes base64.',
      `-----BEGIN CERTIFICATE-----\n${choose.of(alphanumeric, 64)}\n-----END CERTIFICATE-----`,
      `ssh-rsa AAAAB3NzaC1yc2E${choose.of(alphanumeric, 100)} anna`,
    ]),
  'plain long number': (choose) =>
    choose.pick([
      `The account has ${choose.digits(11)} points.`,
      `id=${choose.digits(9)}`,
      `Customer ${choose.digits(10)} asked again.`,
      `Case ${choose.fill('##-#####')} was heard.`,
      `Pi is 3.14159265358979${choose.digits(4)}.`,
      `Table 4: ${choose.fill('12 14 19 ## ## ## ##')}`,
      `Code ${choose.fill('######')} expires in 10 minutes.`,
      `Doc ${choose.of(upper, 2)}${choose.digits(6)} has ${choose.digits(2)} pages.`,
      `Room ${choose.fill('###')}, seats ${choose.fill('12-##')}, ${choose.fill('1#')} rows.`,
    ]),
};
