// Stands in for VS Code's native @vscode/spdlog, which needs a compiler. Without it VS Code runs,
// but its log files and every output channel stay empty.
const { appendFileSync, mkdirSync } = require('node:fs');
const { dirname } = require('node:path');

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];

class Logger {
  constructor(_kind, _name, file) {
    mkdirSync(dirname(file), { recursive: true });
    this.file = file;
    this.level = levels.indexOf('info');
    this.raw = false;
  }

  write(level, message) {
    if (level < this.level) {
      return;
    }
    const time = new Date().toISOString().replace('T', ' ').slice(0, 23);
    try {
      appendFileSync(this.file, this.raw ? message : `${time} [${levels[level]}] ${message}\n`);
    } catch {
      // The log's folder is gone: the server is being stopped, and nobody reads the log any more.
    }
  }

  getLevel() {
    return this.level;
  }

  setLevel(level) {
    this.level = level;
  }

  clearFormatters() {
    this.raw = true;
  }
}

const methods = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
methods.forEach((method, level) => {
  Logger.prototype[method] = function log(message) {
    this.write(level, message);
  };
});

const nothing = () => undefined;
Object.assign(Logger.prototype, { setPattern: nothing, flush: nothing, drop: nothing });

exports.version = 0;
exports.setLevel = nothing;
exports.setFlushOn = nothing;
exports.shutdown = nothing;
exports.Logger = Logger;
exports.createRotatingLogger = async (name, file) => new Logger('rotating', name, file);
exports.createAsyncRotatingLogger = async (name, file) => new Logger('rotating_async', name, file);
