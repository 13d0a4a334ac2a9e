//! What to do when the store refuses, in Chinese; the technical words come behind it for whoever is asked for help.

use baoxue_store::{KeyError, StoreError, Trouble};

use super::chain;

/// A refusal of the store in words.
pub(super) fn store_text(error: &StoreError) -> String {
    let text = match error {
        StoreError::Database(_) => trouble_text(error.trouble().unwrap_or(Trouble::Other)),
        StoreError::Url => {
            "数据库地址写法不对，应为 postgres://用户:密码@主机/库名（本机数据文件夹不必写 --database）。"
        }
        StoreError::Unsafe { .. } => {
            "数据库的设置可能在断电时丢失已确认的数据，不能使用。请让管理员按括号中的要求修改设置后重试。"
        }
        StoreError::Busy => {
            "另一个保学程序正在打开这个数据库，等了两分钟仍未结束。请等它结束，或关闭它后重试。"
        }
        StoreError::WrongKey => {
            return "密钥与数据库不符。请换回建库时的密钥文件，或用 --key 指明位置。".to_owned();
        }
        StoreError::Newer => {
            return "这个数据库由更新版本的保学建立，本程序太旧。请换用新版程序；数据没有改动。"
                .to_owned();
        }
        StoreError::NoBatch(batch) => {
            return format!("没有第 {} 批。用 baoxue status 查看现有批次。", batch.0);
        }
        StoreError::Withdrawn(batch) => return format!("第 {} 批已经撤回过了。", batch.0),
        StoreError::Duplicate(batch) => return format!("同样的文件已导入，是第 {} 批。", batch.0),
        StoreError::LoginTaken => return "登录名已被占用。".to_owned(),
        StoreError::NoAccount(id) => return format!("没有第 {id} 号账号。"),
        StoreError::NoDecision(id) => return format!("没有第 {id} 号裁定，或它已经撤销。"),
        StoreError::NoExport(id) => {
            return format!("没有第 {id} 号导出，或它不在可以这样办理的状态。");
        }
        StoreError::CaseMoved(case) => {
            return format!("案件 k_{case} 刚刚有人登记了新情况，请重新查看后再办。");
        }
        StoreError::NumberTaken => "这个文号刚刚被另一份文书占用，请重新签发。",
        StoreError::Moved(..) => "刚刚有人办理过，请重新查看后再办。",
        StoreError::NoView(id) => return format!("没有第 {id} 号常用筛选。"),
        StoreError::Damaged(_) | StoreError::Seal { .. } => {
            "数据库中有数据损坏或被改动，读不出来。请停止使用，用最近的备份恢复，并保留现在的文件备查。"
        }
        StoreError::File(_) => "数据库文件建不了。请检查数据文件夹的位置、权限和磁盘空间。",
        StoreError::Stopped => "程序在完成之前被停止。请重新运行，结果与一次完成相同。",
        StoreError::Inconsistent { .. } => {
            "程序内部核对不符，这个文件没有导入。请把下面的技术信息交给技术人员。"
        }
        StoreError::Keys(error) => return key_text(error),
    };
    format!("{text}\n（技术信息：{}）", chain(error))
}

fn trouble_text(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Unreachable => {
            "连不上数据库服务器。请检查 --database 中的主机和端口、网络，以及服务器是否已启动。"
        }
        Trouble::Denied => {
            "数据库不让登录：用户名或密码不对，或没有权限。请核对 --database 中的用户和密码，或请管理员授权。"
        }
        Trouble::NoDatabase => {
            "服务器上没有这个数据库。请核对 --database 末尾的库名，或请管理员先建库。"
        }
        Trouble::DiskFull => "磁盘已满，没有写入。请清出空间后重新运行。",
        Trouble::Locked => {
            "数据库正被另一个程序占用，等待超时。请等那个程序结束，或关闭它后重新运行。"
        }
        Trouble::ReadOnly => {
            "数据库打不开或不能写。请检查数据文件夹和数据库文件的权限（应归本人所有、可读写）。"
        }
        Trouble::Corrupt => {
            "数据库文件已损坏，或不是保学的数据库。请停止使用，用最近的备份恢复，并保留现在的文件备查。"
        }
        Trouble::Other => {
            "数据库拒绝了这次操作。请重新运行；仍不行就把下面的技术信息交给技术人员。"
        }
    }
}

/// What is wrong with the key file.
pub(super) fn key_text(error: &KeyError) -> String {
    match error {
        KeyError::File(cause) => {
            format!("密钥文件用不了。请检查它是否存在、是否可读写。\n（技术信息：{cause}）")
        }
        KeyError::Exists => "密钥文件已经存在，不会覆盖。".to_owned(),
        KeyError::Open(mode) => format!(
            "密钥文件别人也能读（权限 {mode:o}）。密钥文件只能由本人读写，请运行 chmod 600。"
        ),
        KeyError::Line(line) => format!(
            "密钥文件第 {line} 行不是“递增的版本号加 64 位十六进制数”。请换回备份的密钥文件。"
        ),
        KeyError::Empty => "密钥文件是空的。请换回备份的密钥文件。".to_owned(),
        KeyError::Spent => "密钥的编号用完了，换不了新的。".to_owned(),
        KeyError::Random => "操作系统没有给出随机数，密钥建不了。请重试。".to_owned(),
    }
}
