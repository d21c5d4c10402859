import { Logger } from '@nestjs/common';

// What rooms log while a test drives them into errors is not news; the tests assert what matters of it.
Logger.overrideLogger(false);
