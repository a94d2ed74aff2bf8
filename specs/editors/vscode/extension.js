'use strict';

const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

let client;

function makeClient() {
  const settings = vscode.workspace.getConfiguration('dspec');
  const server = {
    command: settings.get('server.path', 'dspec-lsp'),
    args: settings.get('server.arguments', []),
    transport: TransportKind.stdio,
  };
  const options = {
    documentSelector: [
      { scheme: 'file', language: 'dspec' },
      { scheme: 'untitled', language: 'dspec' },
    ],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher('**/*.dspec') },
  };
  return new LanguageClient('dspec', 'dspec', server, options);
}

async function start() {
  client = makeClient();
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    vscode.window.showErrorMessage(
      `The dspec language server did not start (${error.message}); check the setting dspec.server.path.`
    );
  }
}

async function stop() {
  const running = client;
  client = undefined;
  if (running) {
    await running.stop();
  }
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('dspec.restartServer', async () => {
      await stop();
      await start();
    })
  );
  await start();
}

module.exports = { activate, deactivate: stop };
