"""What the doctor says: one line each, about one thing, with a grade and what to do."""

from dataclasses import dataclass
from enum import StrEnum

# What is looked at, by the word that programs read.
TOPICS = {
    "python": "Python",
    "disk": "磁盘空间",
    "zone": "时区",
    "clock": "时钟",
    "key_file": "密钥文件",
    "keys": "数据密钥",
    "secret_key": "会话密钥",
    "address": "环境变量",
    "database": "数据库",
    "version": "数据库版本",
    "letters": "中文处理",
    "settings": "数据库设置",
    "connections": "数据库连接数",
    "roles": "数据库角色",
    "journal": "记录的保护",
    "migrations": "数据表",
    "seal": "封存",
    "tallies": "汇总",
    "jobs": "后台任务的工作",
    "worker": "后台任务",
    "web": "网页服务",
    "site": "对外访问",
    "demo": "示例模式",
    "debug": "调试模式",
    "heads": "封存校验值的外部抄件",
    "backup": "备份",
}


class Grade(StrEnum):
    FINE = "正常"
    NOTICE = "注意"
    MUST = "要处理"


@dataclass(frozen=True, slots=True)
class Finding:
    topic: str
    grade: Grade
    said: str

    @property
    def about(self) -> str:
        return TOPICS[self.topic]


def fine(topic: str, said: str) -> Finding:
    return Finding(topic, Grade.FINE, said)


def notice(topic: str, said: str) -> Finding:
    return Finding(topic, Grade.NOTICE, said)


def must(topic: str, said: str) -> Finding:
    return Finding(topic, Grade.MUST, said)
