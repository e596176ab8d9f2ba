import { proxyFor } from '../../lib/adapters/proxy-choice';

const AWS = 'https://secretsmanager.eu-central-1.amazonaws.com/';
const ADA = ['ada', 'secret'].join(':');
const P = 'http://proxy.example.com:3128';

test.each([
  [AWS, { HTTPS_PROXY: P }, `${P}/`],
  [AWS, { https_proxy: P }, `${P}/`],
  [AWS, { https_proxy: P, HTTPS_PROXY: 'http://other:1' }, `${P}/`],
  [AWS, { https_proxy: '', HTTPS_PROXY: P }, undefined],
  [AWS, { HTTP_PROXY: P }, undefined],
  [AWS, { ALL_PROXY: P }, undefined],
  ['http://emulator.example.com:4566/', { HTTP_PROXY: P }, `${P}/`],
  [AWS, { HTTPS_PROXY: 'proxy.example.com:3128' }, `${P}/`],
  [AWS, { HTTPS_PROXY: `https://${ADA}@proxy.example.com` }, `https://${ADA}@proxy.example.com/`],
  [AWS, { HTTPS_PROXY: P, NO_PROXY: '*' }, undefined],
  [AWS, { HTTPS_PROXY: P, NO_PROXY: 'localhost, .amazonaws.com' }, undefined],
  [AWS, { HTTPS_PROXY: P, NO_PROXY: 'amazonaws.com' }, undefined],
  [AWS, { HTTPS_PROXY: P, NO_PROXY: '.amazonaws.com:443' }, undefined],
  [AWS, { HTTPS_PROXY: P, NO_PROXY: '.amazonaws.com:80' }, `${P}/`],
  [AWS, { HTTPS_PROXY: P, no_proxy: '*.AmazonAWS.com' }, undefined],
  [AWS, { HTTPS_PROXY: P, NO_PROXY: 'naws.com,example.com' }, `${P}/`],
  ['https://aws.example.com:8443/', { HTTPS_PROXY: P, NO_PROXY: 'aws.example.com:8443' }, undefined],
  ['https://aws.example.com:8443/', { HTTPS_PROXY: P, NO_PROXY: 'aws.example.com:443' }, `${P}/`],
  ['http://127.0.0.1:4566/', { HTTP_PROXY: P }, undefined],
  ['http://localhost:4566/', { HTTP_PROXY: P }, undefined],
  ['http://[::1]:4566/', { HTTP_PROXY: P }, undefined],
])('%s with %j goes through %s', (url, vars, proxy) => {
  expect(proxyFor(url, vars)?.href).toBe(proxy);
});

test.each([`socks5://${ADA}@proxy.example.com:1080`, 'http://'])(
  '%s is refused, without its password',
  (text) => {
    expect(() => proxyFor(AWS, { HTTPS_PROXY: text })).toThrow(
      /^HTTPS_PROXY cannot be used.*Expected a proxy such as http/,
    );
    expect(() => proxyFor(AWS, { HTTPS_PROXY: text })).not.toThrow(/secret/);
  },
);
