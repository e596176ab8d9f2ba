import { awsFailure } from '../../lib/adapters/aws-failure';

test.each([
  [
    'JSON',
    'SyntaxError',
    'Unexpected token \'<\', "<!doctype "... is not valid JSON\nDeserialization error: to see the raw response, inspect the hidden field {error}.$response on this object.',
  ],
  ['XML', 'Error', '@aws-sdk XML parse error: mismatched tags <html> and </title>.'],
])('a page instead of %s is said in words for people, without the advice of the SDK', (_, name, text) => {
  const error = Object.assign(new Error(text), { name, $metadata: { httpStatusCode: 200 } });
  expect(awsFailure(error)).toMatchObject({
    message: expect.stringMatching(/^The answer is not one that AWS gives: a proxy or a login page/),
    status: 200,
    unanswered: false,
  });
});
