// What works on this project itself needs its development dependencies. npm leaves them out where NODE_ENV is production.
const { dependencies, devDependencies } = require('../package.json');

const missing = Object.keys(devDependencies).filter((name) => {
  try {
    require.resolve(`${name}/package.json`);
  } catch (error) {
    return error.code === 'MODULE_NOT_FOUND';
  }
  return false;
});

if (missing.length > 0) {
  const { length } = Object.keys(dependencies);
  console.error(`This needs the development dependencies, and ${missing.length} of them are not installed: ${missing.slice(0, 3).join(', ')}…
npm leaves them out where NODE_ENV is "production". Install them with: npm ci --include=dev
The ${length} others are enough to synthesise, to deploy, and for npm run demo and npm run keys.`);
  process.exit(1);
}
