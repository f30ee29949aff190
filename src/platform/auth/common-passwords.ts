/** What people choose first when they must choose something of ten characters; lower case. Shorter ones are refused anyway. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([
  '1234567890',
  '0123456789',
  '1234512345',
  '1231231231',
  '12345678910',
  '123456789a',
  '123456789q',
  'a123456789',
  'q123456789',
  'aa12345678',
  'aa123456789',
  'abc1234567',
  'abc12345678',
  'abc123456789',
  'abcd123456',
  'abcd1234567',
  'abcd12345678',
  'asd1234567',
  'asdfghjkl1',
  'asdfghjkl;',
  '1qaz2wsx3edc',
  '1q2w3e4r5t',
  '1q2w3e4r5t6y',
  'qwertyuiop',
  'qwerty1234',
  'qwerty12345',
  'qwerty123456',
  'qwer123456',
  'qazwsxedcr',
  'zxcvbnm123',
  'zaq12wsxcde3',
  'password12',
  'password123',
  'password1234',
  'passw0rd12',
  'p@ssw0rd123',
  'p@ssword123',
  'admin12345',
  'admin123456',
  'admin@1234',
  'admin@12345',
  'administrator',
  'root123456',
  'test123456',
  'welcome123',
  'welcome1234',
  'iloveyou12',
  'woaini1314',
  'woaini5201314',
  'woaini520',
  '5201314520',
  '1314520520',
  'wang123456',
  'zhang123456',
  'li12345678',
  'shouji1234',
  'shouji123456',
  'xiaomi1234',
  'xiaomi123456',
  'huawei1234',
  'huawei123456',
  'iphone1234',
  'iphone123456',
  'changeme12',
  'changeme123',
  'letmein1234',
  'monkey12345',
  'sunshine12',
  'football12',
  'baseball12',
]);

/**
 * Words that most of the known common passwords consist of, beside digits and signs: password123!, Qwerty2024, woaini1314.
 * Written without digits; 0 3 4 5 7 @ $ are read as the letters they stand for.
 */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  `password passwort passw pass letmein welcome admin administrator root login master secret changeme default guest test tester
  qwerty qwertyuiop qwert qazwsx qazwsxedc asdf asdfgh asdfghjkl zxcvbn zxcvbnm abc abcd abcde abcdef abcdefg abcdefgh
  iloveyou loveyou sunshine princess dragon monkey football baseball superman batman shadow michael charlie jordan
  hello helloworld freedom whatever trustno computer internet samsung iphone xiaomi huawei phoneerp
  woaini aini wo ai ni mima wodemima wangyi taobao zhang wang li liu chen shouji dianhua gongsi caonima nihao`.split(
    /\s+/,
  ),
);

/** Whether it is one common word with digits and signs around it, or nothing but a short number: a birthday, a telephone. */
export function isCommonPattern(lower: string): boolean {
  if (/^\d{1,13}$/.test(lower)) return true;
  const letters = (text: string): string => text.replace(/[^a-z]+/g, '');
  const meant: Record<string, string> = { '0': 'o', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's' };
  const core = lower.replace(/^[^a-z@$]+|[^a-z@$]+$/g, '');
  const read = core.replace(/[03457@$]/g, (sign) => meant[sign] ?? sign);
  return COMMON_WORDS.has(letters(lower)) || COMMON_WORDS.has(letters(read));
}
