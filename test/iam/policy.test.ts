import type { Request } from './condition';
import { evaluate, type Statement } from './policy';

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api-AbCdEf';

const request = (context: Request['context'] = {}, more: Partial<Request> = {}): Request => ({
  action: 'secretsmanager:GetSecretValue',
  resource: SECRET,
  context,
  ...more,
});

const allow = (more: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: 'secretsmanager:GetSecretValue',
  Resource: '*',
  ...more,
});

const allowed = (statement: Statement, asked: Request) => evaluate([statement], asked).allowed;

test('nothing is allowed that no statement allows', () => {
  expect(evaluate([], request())).toEqual({ allowed: false, by: [] });
});

test('a denial wins over any permission, and is named', () => {
  const deny: Statement = { Sid: 'Nobody', Effect: 'Deny', Action: '*', Resource: '*' };
  expect(evaluate([allow(), deny], request())).toEqual({ allowed: false, by: [deny] });
});

test.each([
  ['secretsmanager:GetSecretValue', true],
  ['secretsmanager:Get*', true],
  ['SecretsManager:getsecretvalue', true],
  ['secretsmanager:Get?ecretValue', true],
  ['secretsmanager:GetSecret', false],
  ['sns:*', false],
])('the action %s covers reading a value: %s', (Action, expected) => {
  expect(allowed(allow({ Action }), request())).toBe(expected);
});

test('NotAction covers everything but what it names', () => {
  const statement = allow({ Action: undefined, NotAction: ['iam:*', 'secretsmanager:Put*'] });
  expect(allowed(statement, request())).toBe(true);
  expect(allowed(statement, request({}, { action: 'secretsmanager:PutSecretValue' }))).toBe(false);
});

test.each([
  [SECRET, true],
  ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/*', true],
  ['arn:aws:secretsmanager:*:secret:anthropic/prod/api-??????', true],
  ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/dev/*', false],
  ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:anthropic/prod/api', false],
])('the resource %s covers the secret: %s', (Resource, expected) => {
  expect(allowed(allow({ Resource }), request())).toBe(expected);
});

test('NotResource covers everything but what it names', () => {
  const statement = allow({ Resource: undefined, NotResource: '*:secret:anthropic/dev/*' });
  expect(allowed(statement, request())).toBe(true);
  expect(allowed(allow({ Resource: undefined, NotResource: SECRET }), request())).toBe(false);
});

const ROLE = 'arn:aws:iam::111122223333:role/anthropic-keys-prod-check-eu-central-1';

type Row = [operator: string, expected: unknown, actual: string | string[] | undefined, holds: boolean];

const rows: Row[] = [
  ['StringEquals', 'prod', 'prod', true],
  ['StringEquals', ['dev', 'prod'], 'prod', true],
  ['StringEquals', 'Prod', 'prod', false],
  ['StringEquals', 'prod', undefined, false],
  ['StringEqualsIfExists', 'prod', undefined, true],
  ['StringEqualsIfExists', 'prod', 'dev', false],
  ['StringNotEquals', 'prod', 'dev', true],
  ['StringNotEquals', ['dev', 'prod'], 'dev', false],
  ['StringNotEquals', 'prod', undefined, true],
  ['StringLike', 'alias/anthropic-keys-*', 'alias/anthropic-keys-prod', true],
  ['StringLike', 'alias/anthropic-keys-*', 'alias/other', false],
  ['StringNotLike', 'alias/*', 'other', true],
  ['ArnEquals', ROLE, ROLE, true],
  ['ArnEquals', `${ROLE}x`, ROLE, false],
  ['ArnEqualsIfExists', ROLE, undefined, true],
  ['ArnEqualsIfExists', ROLE, `${ROLE}x`, false],
  ['ArnLike', 'arn:aws:iam::*:role/anthropic-keys-*', ROLE, true],
  ['ArnLike', 'arn:aws:*:role/anthropic-keys-prod-check-eu-central-1', ROLE, false],
  ['ArnNotLike', 'arn:aws:iam::111122223333:role/anthropic-keys-*', ROLE, false],
  ['ArnNotLike', 'arn:aws:iam::111122223333:role/other', ROLE, true],
  ['Bool', 'false', 'false', true],
  ['Bool', false, 'true', false],
  ['Bool', 'false', undefined, false],
  ['Null', 'true', undefined, true],
  ['Null', 'true', 'prod', false],
  ['Null', 'false', 'prod', true],
  ['Null', false, undefined, false],
  ['Null', 'false', [], false],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['ForAllValues:StringEquals', ['a', 'b'], [], true],
  ['ForAllValues:StringEquals', ['a', 'b'], undefined, true],
  ['ForAnyValue:StringEquals', ['a'], ['a', 'c'], true],
  ['ForAnyValue:StringEquals', ['a'], ['c'], false],
  ['ForAnyValue:StringEquals', ['a'], undefined, false],
  ['ForAnyValue:StringLike', ['alias/keys-*'], ['alias/x', 'alias/keys-1'], true],
];

test.each(rows)('%s %j is met by %j: %s', (operator, expected, actual, met) => {
  const statement = allow({ Condition: { [operator]: { 'aws:Key': expected } } });
  expect(allowed(statement, request(actual === undefined ? {} : { 'aws:key': actual }))).toBe(met);
});

test('all conditions of a statement must be met', () => {
  const Condition = {
    StringEquals: { 'aws:ResourceTag/environment': 'prod', 'aws:SourceAccount': '111122223333' },
    Null: { 'secretsmanager:VersionId': 'true' },
  };
  const asked = { 'aws:ResourceTag/environment': 'prod', 'aws:SourceAccount': '111122223333' };
  expect(allowed(allow({ Condition }), request(asked))).toBe(true);
  expect(allowed(allow({ Condition }), request({ ...asked, 'secretsmanager:VersionId': 'x' }))).toBe(false);
  expect(allowed(allow({ Condition }), request({ 'aws:SourceAccount': '111122223333' }))).toBe(false);
});

test.each<[string, Partial<Statement>, Request['context'], RegExp]>([
  ['operator', { Condition: { NumericLessThan: { a: '1' } } }, { a: '0' }, /operator NumericLessThan/],
  ['quantifier', { Condition: { 'ForNoValue:StringEquals': { a: '1' } } }, { a: '1' }, /ForNoValue/],
  ['variable', { Resource: `arn:aws:s3:::\${aws:username}` }, {}, /policy variables/],
  [
    'list where one value is meant',
    { Condition: { StringEquals: { a: '1' } } },
    { a: ['1', '2'] },
    /2 values/,
  ],
  ['element', { Effect: 'Allow', ...{ Version: '1' } }, {}, /element Version/],
])('an unknown %s is an error, not a guess', (_, statement, context, message) => {
  expect(() => evaluate([allow(statement)], request(context))).toThrow(message);
});
