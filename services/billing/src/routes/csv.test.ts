import { csvLine } from './csv';

// biome-ignore format: a table
test.each([
  ['plain',                 ['a', 1, null],           'a,1,'],
  ['a comma',               ['a,b', 2],               '"a,b",2'],
  ['a quote',               ['say "hi"'],             '"say ""hi"""'],
  ['a line',                ['one\ntwo\r\nthree'],    '"one\ntwo\r\nthree"'],
  ['nothing',               ['', null, ''],           ',,'],
  ['no ASCII',              ['café – 茶'],            'café – 茶'],
  ['a formula',             ['=1+1'],                 "'=1+1"],
  ['one of plus',           ['+1'],                   "'+1"],
  ['one of minus',          ['-1'],                   "'-1"],
  ['one of at',             ['@SUM(A1)'],             "'@SUM(A1)"],
  ['one behind a tab',      ['\t=1'],                 "'\t=1"],
  ['one behind a return',   ['\r=1'],                 '"\'\r=1"'],
  ['one with a comma',      ['=HYPERLINK("x","y")'],  '"\'=HYPERLINK(""x"",""y"")"'],
  ['a number of our own',   [-1],                     '-1'],
  ['an equals sign inside', ['a=1'],                  'a=1'],
])('%s', (_, cells, line) => {
  expect(csvLine(cells)).toBe(`${line}\r\n`);
});
