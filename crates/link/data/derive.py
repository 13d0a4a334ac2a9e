#!/usr/bin/env python3
"""Derives characters.tsv from public tables. Python 3, no packages.

    derive.py FOLDER > characters.tsv

FOLDER holds, unchanged:
  pinyin_8105.txt, pinyin_all.txt   github mozillazg/pinyin-data, commit 82759f9, MIT
  chaizi-jt.txt                     github kfcd/chaizi, commit e177ab5, CC BY 3.0, (c) 2015 开放词典
  houbb_sijiaobianma_2w.txt         github houbb/nlp-hanzi-similar, commit e3eca5b, Apache-2.0 (four-corner codes)
  houbb_bihuashu_2w.txt             the same (strokes)

One line per character of the Table of General Standard Chinese Characters (2013), then of the forms that stand for one
of them in older lists:
  character, readings (most usual first, tone as a digit, at most three), components (without blanks), four-corner code,
  strokes, the standard form if this is another form of it.
Other forms are found in two ways: a character that is not in the standard table, shares all components and a reading with
exactly one that is (峯 峰); and the traditional forms that are common in names, listed below. Three of the standard table
itself stand for another in older lists (喆 哲).
"""
import pathlib
import re
import sys
import unicodedata

# Traditional and standard form in turn, as they occur in names; facts of the language, collected for this file.
TRADITIONAL = (
    "楊杨張张陳陈劉刘趙赵黃黄吳吴孫孙馬马羅罗鄭郑謝谢許许韓韩馮冯鄧邓葉叶呂吕蘇苏盧卢蔣蒋賈贾餘余閻阎鐘钟鍾钟譚谭陸陆範范"
    "萬万賀贺賴赖龔龚龐庞顧顾錢钱湯汤嚴严喬乔齊齐魯鲁韋韦聶聂譚谭黨党龍龙鳳凤麗丽華华國国偉伟強强軍军傑杰勝胜學学榮荣蘭兰"
    "紅红艷艳豔艳鋒锋銀银鋼钢鐵铁鑫鑫寶宝貴贵財财賢贤慶庆興兴進进遠远達达連连運运開开關关門门間间聞闻風风飛飞雲云電电靈灵"
    "東东樂乐業业義义習习書书買买亂乱爭争於于產产親亲億亿僅仅從从倉仓儀仪眾众優优會会傳传倫伦側侧偵侦傷伤債债傾倾兒儿養养"
    "獸兽內内岡冈寫写農农況况凍冻淨净涼凉減减凱凯擊击劃划則则剛刚創创劑剂劍剑劇剧勸劝辦办務务動动勵励勁劲勞劳勢势勳勋"
    "區区醫医單单賣卖廳厅歷历壓压縣县參参雙双發发變变號号葉叶聽听啟启員员嗎吗喚唤園园圍围圓圆圖图團团聖圣場场壞坏塊块堅坚"
    "壇坛墳坟墜坠壘垒墾垦壽寿夢梦頭头夾夹奪夺奮奋獎奖奧奥婦妇媽妈姍姗嬌娇嫻娴嬋婵孿孪寧宁實实審审憲宪宮宫寬宽賓宾對对尋寻"
    "導导將将爾尔塵尘嘗尝屬属屆届層层歲岁豈岂嶺岭島岛嶼屿巖岩帥帅師师帳帐幣币帶带幫帮廣广莊庄廟庙應应廬庐廠厂異异棄弃"
    "彈弹歸归錄录徹彻徑径憶忆憂忧懷怀態态憐怜戀恋懇恳惡恶悅悦驚惊慘惨慣惯願愿戰战戲戏戶户撲扑執执擴扩掃扫揚扬擾扰撫抚"
    "搶抢護护報报擔担擬拟擁拥擇择掛挂揮挥擲掷損损換换據据摯挚敵敌數数齋斋斷断無无舊旧時时曠旷曇昙晝昼顯显曉晓暉晖暈晕"
    "暫暂術术樸朴機机殺杀雜杂權权條条來来極极構构樞枢棗枣楓枫柵栅標标棟栋欄栏樹树樣样橋桥檢检樓楼歡欢歐欧殘残殼壳毀毁"
    "畢毕氣气漢汉溝沟沒没滬沪淚泪潔洁灑洒淺浅測测濟济瀏浏渾浑濃浓濤涛澇涝渦涡潤润漲涨淵渊漁渔滲渗溫温遊游灣湾濕湿滿满"
    "濱滨灘滩瀟潇滅灭燈灯災灾燦灿爐炉點点煉炼爍烁爛烂燒烧熱热煥焕愛爱爺爷狀状獨独獅狮獄狱豬猪貓猫獻献瑪玛環环現现璽玺"
    "瓊琼瑤瑶瑩莹電电畫画暢畅療疗瘋疯皚皑盞盏鹽盐監监蓋盖盤盘確确礎础碩硕禮礼禎祯禍祸離离種种積积稱称穩稳窮穷竊窃窯窑"
    "豎竖競竞筆笔筍笋節节築筑簡简籃篮籬篱類类糧粮緊紧糾纠紀纪約约純纯紗纱綱纲納纳縱纵綸纶紛纷紙纸紋纹紡纺紐纽線线練练"
    "組组細细織织終终紹绍經经結结繪绘給给絢绚絡络絕绝統统絹绢綉绣繡绣繼继績绩緒绪續续綺绮維维綿绵綠绿繽缤縷缕總总緣缘"
    "縈萦縝缜繁繁罷罢羨羡翹翘聯联聰聪肅肃腸肠膚肤腫肿脹胀膽胆勝胜臘腊臨临藝艺節节蘆芦蒼苍蘋苹莖茎薦荐蕩荡榮荣葷荤藥药"
    "蓮莲瑩莹螢萤營营蕭萧薩萨藍蓝薔蔷蘊蕴慮虑蟲虫雖虽蝦虾蟻蚁蠻蛮補补襯衬襲袭見见觀观規规視视覺觉覽览觸触譽誉計计訂订"
    "認认討讨讓让訓训議议記记講讲許许論论設设訪访證证評评識识訴诉詞词譯译試试詩诗誠诚話话詢询該该詳详語语誤误說说請请諸诸"
    "諾诺讀读課课誰谁調调談谈誼谊謀谋諧谐謙谦謹谨譜谱貝贝貞贞負负貢贡責责賢贤貨货質质販贩貫贯購购貿贸費费賀贺貽贻資资"
    "賦赋賜赐賞赏贊赞贏赢躍跃踐践車车軌轨軒轩轉转輪轮軟软輕轻載载較较輔辅輛辆輝辉輩辈輯辑輸输轄辖邊边遼辽遷迁過过邁迈"
    "還还這这遠远違违遲迟適适選选遜逊遺遗鄰邻鄉乡鄒邹鄔邬釋释裡里針针鈞钧鈺钰鈴铃鉛铅銘铭銅铜銳锐鋪铺錦锦錫锡錯错鎮镇"
    "鏡镜鏵铧鐸铎長长閃闪閉闭問问闖闯閒闲閔闵閩闽閣阁閱阅闊阔隊队陽阳陰阴陣阵階阶際际陸陆險险隨随隱隐難难雛雏雞鸡霧雾靜静"
    "韻韵頁页頂顶項项順顺須须頌颂預预領领頗颇頤颐頻频穎颖題题顏颜額额顛颠飄飘飯饭飲饮飾饰飽饱餅饼館馆饒饶馳驰駐驻駕驾"
    "駿骏騎骑騏骐騰腾驕骄驗验驥骥鬥斗魚鱼鮑鲍鮮鲜鯉鲤鯨鲸鵬鹏鳥鸟鳴鸣鴻鸿鵑鹃鶴鹤鷹鹰鸞鸾麥麦黨党龍龙齡龄峯峰堃坤喆哲昇升"
    "陞升淼淼秈籼甦苏仝同勗勖傑杰湧涌晉晋昇升菓果崑昆崙仑峽峡莉莉"
)


# Characters of the standard table that older lists write as another one.
NAMES = {"喆": "哲", "堃": "坤", "昇": "升"}


def main(folder):
    usual = readings(folder / "pinyin_8105.txt")
    every = readings(folder / "pinyin_all.txt")
    parts = components(folder / "chaizi-jt.txt")
    four = pairs(folder / "houbb_sijiaobianma_2w.txt")
    strokes = pairs(folder / "houbb_bihuashu_2w.txt")
    forms = dict(zip(TRADITIONAL[::2], TRADITIONAL[1::2]))
    forms = {other: form for other, form in forms.items() if other != form}
    forms.update(other_forms(usual, every, parts))

    def line(char, form=""):
        first = usual.get(char, [])
        more = [r for r in every.get(char, []) if r not in first]
        said = ",".join((first + more)[:3])
        shape = (parts.get(char) or [""])[0]
        print(char, said, shape, four.get(char, ""), strokes.get(char, ""), form, sep="\t")

    for char in usual:
        line(char, NAMES.get(char, ""))
    for char, form in sorted(forms.items()):
        if char not in usual and form in usual:
            line(char, form)


def readings(path):
    found = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        match = re.match(r"U\+([0-9A-F]+):\s*([^\s#]+)", text)
        if match:
            found[chr(int(match[1], 16))] = [numbered(r) for r in match[2].split(",")]
    return found


def numbered(reading):
    """lǘ -> lv2; no mark is tone 5."""
    marks = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
    tone, out = "5", ""
    for c in unicodedata.normalize("NFD", reading):
        if c in marks:
            tone = marks[c]
        elif c == "\u0308":
            out = out[:-1] + "v"
        elif not unicodedata.combining(c):
            out += c
    return out + tone


def components(path):
    found = {}
    for text in path.read_text(encoding="utf-8").splitlines():
        cells = text.split("\t")
        if len(cells[0]) == 1 and len(cells) > 1:
            # The last way is the one with the narrow radical, as the eye sees it.
            found[cells[0]] = [c.replace(" ", "") for c in reversed(cells[1:]) if c]
    return found


def pairs(path):
    rows = (text.split() for text in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1] for row in rows if len(row) == 2}


def other_forms(usual, every, parts):
    by_shape = {}
    for char in usual:
        for shape in parts.get(char, []):
            by_shape.setdefault("".join(sorted(shape)), set()).add(char)
    found = {}
    for char, shapes in parts.items():
        if char in usual or char not in every:
            continue
        for shape in shapes:
            same = {
                c
                for c in by_shape.get("".join(sorted(shape)), ())
                if len(shape) > 1 and set(every[char]) & set(every.get(c, []))
            }
            if len(same) == 1:
                found[char] = same.pop()
    return found


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
