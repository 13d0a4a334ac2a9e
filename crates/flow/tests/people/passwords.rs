//! Which passwords are refused (T-10).

use baoxue_authz::Role;
use baoxue_flow::people::{
    By, NewAccount, PeopleError, SignInError, SignInTry, Weakness, weakness,
};

use crate::common::{
    PASSWORD, TestDatabase, add, grant, morning, new_account, on_both_engines, sign_in_try, tries,
};

const WORDS: [&str; 6] = ["汉滨区", "hanbin", "五里小学", "wulixiaoxue", "zhouganshi", "周干事"];

const WEAK: [(&str, Weakness); 50] = [
    ("", Weakness::Short),
    ("a", Weakness::Short),
    ("Ab1!Ab1!x", Weakness::Short),
    ("一二三四五六七八九", Weakness::Short),
    ("123456789", Weakness::Short),
    ("1234567890", Weakness::Number),
    ("13909151234", Weakness::Number),
    ("+8613909151234", Weakness::Number),
    ("11010519491231002X", Weakness::Number),
    ("11010519491231002x", Weakness::Number),
    ("20260901000000", Weakness::Number),
    ("2026-09-01", Weakness::Number),
    ("31002X31002X", Weakness::Number),
    ("a1234567890", Weakness::Number),
    ("６１０９０２１２３４５６", Weakness::Number),
    ("zhangwei123456", Weakness::Common),
    ("ZhangWei2024", Weakness::Common),
    ("zhangwei@2024", Weakness::Common),
    ("wangfang1990!", Weakness::Common),
    ("lixiaohua", Weakness::Short),
    ("liujianguo", Weakness::Common),
    ("chenjianhua88", Weakness::Common),
    ("123456zhangwei", Weakness::Common),
    ("6102iewgnahz", Weakness::Common),
    ("ｚｈａｎｇｗｅｉ１２３４", Weakness::Common),
    ("password123", Weakness::Common),
    ("Password2026", Weakness::Common),
    ("P@ssw0rd2026", Weakness::Common),
    ("admin123456", Weakness::Common),
    ("administrator", Weakness::Common),
    ("woaini1314520", Weakness::Common),
    ("jiaoyuju2026", Weakness::Common),
    ("xuexiao123456", Weakness::Common),
    ("qwertyuiop", Weakness::Common),
    ("Welcome2026!", Weakness::Common),
    ("kongchuobaoxue", Weakness::Common),
    ("1qaz2wsx3edc", Weakness::Pattern),
    ("asdfghjkl;'", Weakness::Common),
    ("abcdefghijk", Weakness::Pattern),
    ("zyxwvutsrqp", Weakness::Pattern),
    ("qwertyuiop[]", Weakness::Common),
    ("abcabcabcabc", Weakness::Pattern),
    ("aaaaaaaaaaaa", Weakness::Pattern),
    ("王王王王王王王王王王", Weakness::Pattern),
    ("Kx7!Kx7!Kx7!", Weakness::Pattern),
    ("hanbin20260901", Weakness::Common),
    ("wulixiaoxue2026", Weakness::Name),
    ("五里小学20260901", Weakness::Name),
    ("周干事2026_0901", Weakness::Name),
    ("Zhouganshi#2026", Weakness::Name),
];

const GOOD: [&str; 50] = [
    "tulip-Kettle 48 窗台",
    "correct horse battery staple",
    "雨后春笋一夜长高三尺",
    "山高水长路远人不归家",
    "江边的柳树今年又绿了",
    "我家门前有三棵老核桃树",
    "小河弯弯向东流过石桥",
    "vK9#mPq2$xLw",
    "7hQ!zR4@nTb8",
    "blue lamp under the stairs",
    "Tanzende-Teekanne-19",
    "😀🍎🚲🎻🌧🧭🪁🧶🪴🦉",
    "🦊 jumps over 懒狗",
    "no one reads this sentence",
    "d41k-oatmeal-vessel",
    "purple_wrench_77_lake",
    "Käsespätzle mit Zwiebeln",
    "пароль из сказки о рыбаке",
    "鹤在雪地里站了一个下午",
    "四个西瓜滚下山坡去了",
    "gravel.mitten.orchid",
    "x9T-4bq-R7m-2we",
    "seventeen quiet turnips",
    "moth!lantern!rain",
    "柿子熟了喜鹊总先知道",
    "Omelette du fromage 3",
    "under-the-9th-bridge",
    "cabbage+violin=storm",
    "火车穿过隧道时我醒了",
    "老井里的月亮捞不上来",
    "Zg8vNqH2wYpk",
    "nM3^kd0pQz!r",
    "three foxes, one umbrella",
    "wooden spoon orchestra",
    "把雨伞忘在了渡口的人",
    "晒谷场上的麻雀真不少",
    "pickle jar astronomy",
    "J'ai perdu mon parapluie",
    "4 sleepy otters drift",
    "granite & gooseberries",
    "腊肉挂在灶台上方的梁",
    "velvet-tractor-parade",
    "sk8 past the old mill",
    "鼓楼的钟慢了七分钟半",
    "thimble of thunder",
    "quartz_ladder_soup",
    "Rübezahl trinkt Tee",
    "nineteen paper boats",
    "茶叶罐里藏着一封旧信",
    "uF5~hJ1=cV6;",
];

#[test]
fn t10_weak_passwords_are_refused_and_good_ones_accepted() {
    for (password, why) in WEAK {
        let found = weakness(password, WORDS.into_iter());
        assert_eq!(found, Some(why), "{password}");
    }
    for password in GOOD {
        assert_eq!(weakness(password, WORDS.into_iter()), None, "{password}");
    }
}

#[test]
fn t10_sixty_four_characters_and_more_are_good_and_an_end_is_set() {
    let long = "窗台上有一盆 tulips。".repeat(5).chars().take(64).collect::<String>();
    let mut words = WORDS.into_iter();
    assert_eq!(weakness(&format!("{}!", &long), &mut words), None);
    let too_long: String = ('\u{4e00}'..).take(257).collect();
    assert_eq!(weakness(&too_long, WORDS.into_iter()), Some(Weakness::Long));
    let longest: String = ('\u{4e00}'..).take(256).collect();
    assert_eq!(weakness(&longest, WORDS.into_iter()), None);
}

/// What people make of names in letters and of common words: each is refused.
#[test]
fn t10_ten_thousand_common_passwords_are_refused() {
    let surnames = "li wang zhang liu chen yang zhao huang zhou wu xu sun ma zhu hu guo he lin";
    let given = "wei fang na min jing qiang lei jun yang yong jie juan tao ming chao xia ping gang";
    let tails =
        "1234567 12345678 123456789 1234567890 5201314 888888 666666 20262026 2024@ 147258369";
    let words = "password admin welcome iloveyou woaini jiaoyuju xuexiao beijing baoxue qwerty";
    let split = |text: &'static str| text.split(' ');
    let names = split(surnames).flat_map(|surname| {
        split(given).flat_map(move |one| {
            [
                format!("{surname}{one}"),
                format!("{surname}{one}hua"),
                format!("{surname}{one}{one}"),
            ]
        })
    });
    let mut n_refused = 0;
    for stem in names.chain(split(words).map(str::to_owned)) {
        for tail in split(tails) {
            for password in [format!("{stem}{tail}"), format!("{tail}{stem}")] {
                if password.len() < 10 {
                    continue;
                }
                assert!(weakness(&password, std::iter::empty()).is_some(), "{password}");
                n_refused += 1;
            }
        }
    }
    assert!(n_refused >= 10_000, "{n_refused}");
}

async fn t10_any_characters_work_and_the_store_keeps_none_of_them(db: TestDatabase) {
    let people = db.people().await;
    for (n, password) in GOOD.iter().enumerate() {
        let new = NewAccount {
            password: Some((*password).to_owned()),
            ..new_account(&format!("user{n}"), Role::Teacher)
        };
        people.create(By::Operator, new, morning()).await.unwrap();
        let from_own_address = |password: &str| SignInTry {
            address: format!("10.0.0.{n}"),
            ..sign_in_try(&format!("user{n}"), password)
        };
        let signed_in = people.sign_in(&from_own_address(password), morning()).await;
        assert!(signed_in.is_ok(), "{password}");
        let refused = people.sign_in(&from_own_address(&format!("{password} ")), morning()).await;
        assert!(matches!(refused, Err(PeopleError::SignIn(SignInError::Refused))), "{password}");
    }
    for stored in db.store().await.accounts().await.unwrap() {
        for event in stored.events {
            let body = event.event.body.to_string();
            assert!(!GOOD.iter().any(|password| body.contains(password)));
            assert!(body.contains("$argon2id$v=19$"), "{body}");
        }
    }
}

async fn t10_no_account_is_there_by_default(db: TestDatabase) {
    let people = db.people().await;
    assert!(people.accounts().await.unwrap().is_empty());
    let refused = tries(&people, "admin", "admin", morning()).await;
    assert!(matches!(refused, Err(PeopleError::SignIn(_))));

    let old = people.first_setup(morning()).await.unwrap().unwrap();
    let link = people.first_setup(morning()).await.unwrap().unwrap();
    assert!(!people.is_first_setup(&old, morning()).await.unwrap(), "a new start, a new link");
    assert!(people.is_first_setup(&link, morning()).await.unwrap());
    let weak = people.set_up(&link, ("root1", "周干事", "admin123456"), morning()).await;
    assert!(matches!(weak, Err(PeopleError::Weak(Weakness::Common))), "{weak:?}");
    people.set_up(&link, ("root1", "周干事", PASSWORD), morning()).await.unwrap();
    let again = people.set_up(&link, ("root2", "王干事", PASSWORD), morning()).await;
    assert!(matches!(again, Err(PeopleError::Link)));
    assert_eq!(people.first_setup(morning()).await.unwrap(), None);
    let accounts = people.accounts().await.unwrap();
    assert_eq!(accounts.len(), 1);
    assert_eq!(accounts[0].grant.role, Role::SystemAdmin);
}

async fn t10_a_link_sets_the_password_once(db: TestDatabase) {
    let people = db.people().await;
    let new = NewAccount { password: None, ..new_account("town", Role::Town) };
    let made = people.create(By::Operator, new, morning()).await.unwrap();
    let link = made.link.unwrap();
    assert!(tries(&people, "town", "", morning()).await.is_err());
    assert_eq!(people.login_of_link(&link, morning()).await.unwrap().unwrap(), "town");
    let over = morning() + chrono::TimeDelta::hours(73);
    assert!(matches!(people.set_password(&link, PASSWORD, over).await, Err(PeopleError::Link)));
    people.set_password(&link, PASSWORD, morning()).await.unwrap();
    assert!(matches!(
        people.set_password(&link, "another good-one 77", morning()).await,
        Err(PeopleError::Link)
    ));
    assert!(tries(&people, "town", PASSWORD, morning()).await.is_ok());
}

async fn t10_names_are_checked(db: TestDatabase) {
    let people = db.people().await;
    add(&people, "Zhou.1", Role::Town).await;
    let taken = people.create(By::Operator, new_account("ＺＨＯＵ.1", Role::Town), morning()).await;
    assert!(matches!(taken, Err(PeopleError::LoginTaken)), "{taken:?}");
    let (forty, forty_one) = ("a".repeat(40), "a".repeat(41));
    for bad in ["", " ", "a", "a b", "a/b", "<b>x", "a\u{202e}b", "x\n", &forty_one] {
        // Blanks around a name are taken off.
        let refused = people.create(By::Operator, new_account(bad, Role::Town), morning()).await;
        assert!(refused.is_err() || bad == "x\n", "{bad:?}");
    }
    people.create(By::Operator, new_account(&forty, Role::Town), morning()).await.unwrap();
    let (sixty, more) = ("阿".repeat(60), "阿".repeat(61));
    for (n, (name, is_good)) in [
        ("", false),
        ("买买提·吐尔逊", true),
        (sixty.as_str(), true),
        (more.as_str(), false),
        ("a\u{0}b", false),
    ]
    .into_iter()
    .enumerate()
    {
        let new = NewAccount {
            name: name.to_owned(),
            grant: grant(Role::Town),
            ..new_account(&format!("name{n}"), Role::Town)
        };
        assert_eq!(people.create(By::Operator, new, morning()).await.is_ok(), is_good, "{name}");
    }
}

on_both_engines![
    t10_any_characters_work_and_the_store_keeps_none_of_them,
    t10_no_account_is_there_by_default,
    t10_a_link_sets_the_password_once,
    t10_names_are_checked,
];
